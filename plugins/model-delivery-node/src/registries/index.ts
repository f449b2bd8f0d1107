export * from './connectionConfig';
export * from './HandedOver';
export * from './mapBounded';
export * from './parseCursor';
export * from './RegistryError';
