/**
 * What Slipway adds to the scaffolder: repositories on the portal's machine, and their entities in the catalog.
 *
 * @packageDocumentation
 */
export { scaffolderModuleModelDelivery as default } from './scaffolderModuleModelDelivery';
export { catalogModuleLocalRepositories } from './catalogModuleLocalRepositories';
