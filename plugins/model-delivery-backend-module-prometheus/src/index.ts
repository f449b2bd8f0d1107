/**
 * Prometheus as a metrics source of Slipway model delivery.
 *
 * @packageDocumentation
 */
export { modelDeliveryModulePrometheus as default } from './modelDeliveryModulePrometheus';
