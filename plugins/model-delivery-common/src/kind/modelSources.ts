import { Entity } from '@backstage/catalog-model';

/**
 * Annotation that lists, separated by commas, the fields of `spec` which nobody has stated yet. What stands there is the
 * strictest reading until somebody does; a model whose risk is among them counts as high risk.
 * @public
 */
export const ANNOTATION_TO_BE_COMPLETED = 'slipway.dev/to-be-completed';

/**
 * Annotation with the framework that a model was made with, in lower case, such as `sklearn`, `pytorch` or `transformers`.
 * @public
 */
export const ANNOTATION_FRAMEWORK = 'slipway.dev/framework';

/**
 * Annotation with the licence of a model, such as `apache-2.0`.
 * @public
 */
export const ANNOTATION_LICENSE = 'slipway.dev/license';

/**
 * Annotation that names the file with the team's words on a model: a path beside the catalog file, or below its repository
 * with a leading `/`. On an entity that a provider made it is the file that it was made of, as `url:` or `file:` with its
 * address; of a CycloneDX BOM, the component stands behind `#`.
 * @public
 */
export const ANNOTATION_MODEL_CARD = 'slipway.dev/model-card';

/**
 * Type of the locations of provided entities. No processor reads it, and the catalog sets locations itself, so that nothing
 * else can have it.
 * @public
 */
export const SOURCE_LOCATION_TYPE = 'slipway-model-source';

/**
 * Annotation with the source that an entity was made from, such as `mlflow:main`. Only an entity provider sets it: it is
 * taken from an entity that somebody wrote.
 * @public
 */
export const ANNOTATION_PROVIDED_BY = 'slipway.dev/provided-by';

/**
 * Annotation on an entity that somebody wrote: where else its model was found, one line each. What was written wins.
 * @public
 */
export const ANNOTATION_ALSO_FOUND_IN = 'slipway.dev/also-found-in';

/**
 * Annotation with what could not be taken over from an entity's source as it stands there, one line each.
 * @public
 */
export const ANNOTATION_SOURCE_NOTES = 'slipway.dev/source-notes';

/**
 * The fields of `spec` that nobody has stated yet; empty when the entity is complete.
 * @public
 */
export function fieldsToBeCompleted(entity: Entity): string[] {
  return (entity.metadata.annotations?.[ANNOTATION_TO_BE_COMPLETED] ?? '')
    .split(',')
    .map(field => field.trim())
    .filter(field => /^[A-Za-z]{1,40}$/.test(field))
    .slice(0, 20);
}
