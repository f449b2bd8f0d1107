/**
 * Finds model versions and model cards by Backstage's search.
 *
 * @packageDocumentation
 */

export { searchModuleModelDelivery as default } from './searchModuleModelDelivery';
