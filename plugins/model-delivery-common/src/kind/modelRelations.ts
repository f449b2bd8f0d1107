import {
  RELATION_DEPENDENCY_OF,
  RELATION_DEPENDS_ON,
  RELATION_HAS_PART,
  RELATION_OWNED_BY,
  RELATION_OWNER_OF,
  RELATION_PART_OF,
} from '@backstage/catalog-model';
import { ModelEntityV1alpha1 } from './ModelEntityV1alpha1';

/**
 * From a model to the data sets it was trained on.
 * @public
 */
export const RELATION_TRAINED_ON = 'trainedOn';
/**
 * From a data set to the models that were trained on it.
 * @public
 */
export const RELATION_TRAINS = 'trains';
/**
 * From a model to the feature views it reads.
 * @public
 */
export const RELATION_USES_FEATURES = 'usesFeatures';
/**
 * From a feature view to the models that read it.
 * @public
 */
export const RELATION_FEATURES_USED_BY = 'featuresUsedBy';
/**
 * From a model to its base or foundation models.
 * @public
 */
export const RELATION_DERIVED_FROM = 'derivedFrom';
/**
 * From a base or foundation model to what was made of it.
 * @public
 */
export const RELATION_BASE_OF = 'baseOf';
/**
 * From a model to its pipeline.
 * @public
 */
export const RELATION_BUILT_BY = 'builtBy';
/**
 * From a pipeline to the models it builds.
 * @public
 */
export const RELATION_BUILDS = 'builds';
/**
 * From a model to what serves its predictions.
 * @public
 */
export const RELATION_SERVED_BY = 'servedBy';
/**
 * From a service to the models whose predictions it serves.
 * @public
 */
export const RELATION_SERVES = 'serves';

/**
 * A field of a Model that refers to other entities, and the relations that come of it.
 * @public
 */
export interface ModelRelationField {
  /** Name of the field below `spec`. */
  field: keyof ModelEntityV1alpha1['spec'] & string;
  /** Kind of a reference that names none; without it, each reference must name its kind. */
  defaultKind?: string;
  /** Kinds that may be referred to; without it, any. */
  allowedKinds?: readonly string[];
  /** Relation from the model. */
  forward: string;
  /** Relation to the model. */
  reverse: string;
}

/**
 * Every field of a Model that refers to other entities. A reference without a namespace means the model's own.
 * @public
 */
export const modelRelationFields: readonly ModelRelationField[] = [
  {
    field: 'owner',
    defaultKind: 'Group',
    allowedKinds: ['Group', 'User'],
    forward: RELATION_OWNED_BY,
    reverse: RELATION_OWNER_OF,
  },
  {
    field: 'system',
    defaultKind: 'System',
    allowedKinds: ['System'],
    forward: RELATION_PART_OF,
    reverse: RELATION_HAS_PART,
  },
  {
    field: 'trainedOn',
    defaultKind: 'Resource',
    allowedKinds: ['Resource'],
    forward: RELATION_TRAINED_ON,
    reverse: RELATION_TRAINS,
  },
  {
    field: 'usesFeatures',
    defaultKind: 'Resource',
    allowedKinds: ['Resource'],
    forward: RELATION_USES_FEATURES,
    reverse: RELATION_FEATURES_USED_BY,
  },
  {
    field: 'derivedFrom',
    defaultKind: 'Model',
    allowedKinds: ['Model'],
    forward: RELATION_DERIVED_FROM,
    reverse: RELATION_BASE_OF,
  },
  {
    field: 'builtBy',
    defaultKind: 'Component',
    allowedKinds: ['Component'],
    forward: RELATION_BUILT_BY,
    reverse: RELATION_BUILDS,
  },
  {
    field: 'servedBy',
    defaultKind: 'Component',
    allowedKinds: ['Component', 'API'],
    forward: RELATION_SERVED_BY,
    reverse: RELATION_SERVES,
  },
  {
    field: 'configuration',
    defaultKind: 'Resource',
    allowedKinds: ['Resource'],
    forward: RELATION_DEPENDS_ON,
    reverse: RELATION_DEPENDENCY_OF,
  },
  {
    field: 'dependsOn',
    forward: RELATION_DEPENDS_ON,
    reverse: RELATION_DEPENDENCY_OF,
  },
];
