/**
 * Weights & Biases' registries for Slipway model delivery.
 *
 * @packageDocumentation
 */
export { modelDeliveryModuleWandb as default } from './modelDeliveryModuleWandb';
