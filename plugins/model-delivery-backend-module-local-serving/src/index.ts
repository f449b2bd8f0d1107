/**
 * Local serving target of Slipway: server processes on this machine behind a proxy that divides their traffic, as
 * deployer and metrics source.
 *
 * @packageDocumentation
 */
export { modelDeliveryModuleLocalServing as default } from './module';
