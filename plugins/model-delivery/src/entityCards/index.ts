export * from './RelatedModelsCard';
export * from './relatedModels';
