/**
 * Google Vertex AI's model registry for Slipway model delivery.
 *
 * @packageDocumentation
 */
export { modelDeliveryModuleVertexAi as default } from './modelDeliveryModuleVertexAi';
