export * from './ModelCardResult';
export * from './ModelVersionResult';
export * from './OwnerFilter';
