/**
 * MLflow's model registry for Slipway model delivery.
 *
 * @packageDocumentation
 */
export { modelDeliveryModuleMlflow as default } from './modelDeliveryModuleMlflow';
export { readMlflowConnections } from './config';
export type { MlflowConnection, MlflowCredentials } from './config';
export { readRegisteredModels } from './readRegisteredModels';
export type { RegisteredModel } from './readRegisteredModels';
