/**
 * Delivery engine of Slipway: versions, gates, promotions, approvals, rollouts, metrics and audit.
 *
 * @packageDocumentation
 */
export { modelDeliveryPlugin as default } from './plugin';
