export * from './modelDeliveryApi';
export * from './useLive';
export * from './usePages';
export type { ReloadOptions } from './useReloads';
export { concernsModel, useSignals } from './useSignals';
