export * from './ModelDeliveryClient';
export * from './types';
export type { components, operations, paths } from './generated';
