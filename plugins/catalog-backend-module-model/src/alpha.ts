/**
 * The Model kind as a layer of the catalog's model.
 *
 * @packageDocumentation
 */
export { modelEntityModel } from './modelEntityModel';
