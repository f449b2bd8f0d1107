/**
 * Deployer of Slipway model delivery that calls a signed webhook.
 *
 * @packageDocumentation
 */
export { modelDeliveryModuleWebhook as default } from './modelDeliveryModuleWebhook';
