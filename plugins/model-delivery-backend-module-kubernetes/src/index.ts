/**
 * Deployers of Slipway model delivery for KServe, Argo Rollouts and Flagger.
 *
 * @packageDocumentation
 */
export { modelDeliveryModuleKubernetes as default } from './modelDeliveryModuleKubernetes';
