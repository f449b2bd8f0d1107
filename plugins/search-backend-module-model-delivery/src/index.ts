/**
 * Finds model versions by Backstage's search.
 *
 * @packageDocumentation
 */

export { searchModuleModelDelivery as default } from './searchModuleModelDelivery';
