export * from './callRegistry';
export * from './connectionConfig';
export * from './HandedOver';
export * from './mapBounded';
export * from './ModelWalk';
export * from './parseAnswer';
export * from './parseCursor';
export * from './RegistryError';
