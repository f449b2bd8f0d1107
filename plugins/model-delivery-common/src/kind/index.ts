export * from './ModelEntityV1alpha1';
export * from './modelRelations';
export * from './modelSources';
export * from './registryReference';
export * from './tier';
export * from './validateModelEntity';
