/**
 * The Model kind for the Backstage catalog.
 *
 * @packageDocumentation
 */
export { catalogModuleModel as default } from './catalogModuleModel';
export { ModelProcessor } from './ModelProcessor';
