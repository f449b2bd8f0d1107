/**
 * Amazon SageMaker's model registry for Slipway model delivery.
 *
 * @packageDocumentation
 */
export { modelDeliveryModuleSagemaker as default } from './modelDeliveryModuleSagemaker';
