/**
 * MLflow's model registry for Slipway model delivery.
 *
 * @packageDocumentation
 */
export { modelDeliveryModuleMlflow as default } from './modelDeliveryModuleMlflow';
