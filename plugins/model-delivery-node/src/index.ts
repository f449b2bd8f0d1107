/**
 * Extension points of Slipway model delivery.
 *
 * @packageDocumentation
 */
export * from './deployer';
export * from './extensionPoints';
export * from './gateKind';
export * from './http/callService';
export * from './metricsSource';
export * from './modelRegistry';
export * from './operations';
export * from './registries';
export * from './sampleMetricPoints';
