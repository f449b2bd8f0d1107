/**
 * Models of MLflow registries, Hugging Face model cards and CycloneDX ML-BOMs in the Backstage catalog.
 *
 * @packageDocumentation
 */
export { catalogModuleModelSources as default } from './catalogModuleModelSources';
