export * from './ModelVersionResult';
export * from './OwnerFilter';
