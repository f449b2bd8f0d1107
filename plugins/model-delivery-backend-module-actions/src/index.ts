/**
 * Backstage actions of Slipway model delivery, for software templates and MCP clients.
 *
 * @packageDocumentation
 */
export { modelDeliveryModuleActions as default } from './modelDeliveryModuleActions';
