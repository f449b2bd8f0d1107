import { Entity } from '@backstage/catalog-model';
import { ModelRisk, ModelTeamSize } from './tier';

/**
 * `apiVersion` of the Model kind.
 * @public
 */
export const MODEL_API_VERSION = 'slipway.dev/v1alpha1';

/**
 * Name of the Model kind.
 * @public
 */
export const MODEL_KIND = 'Model';

/**
 * Label with the value `true` on data that was made up to show how Slipway works.
 * @public
 */
export const LABEL_SAMPLE = 'slipway.dev/sample';

/**
 * A machine-learning model in the catalog: what it is, whose it is and what it depends on. What happens to it
 * (versions, runs, promotions) is kept by model delivery.
 *
 * References to entities without a kind or namespace are completed as `modelRelationFields` says.
 * @public
 */
export interface ModelEntityV1alpha1 extends Entity {
  apiVersion: typeof MODEL_API_VERSION;
  kind: typeof MODEL_KIND;
  spec: {
    /** Such as `classifier`, `regressor`, `ranker`, `generator` or `agent`. */
    type: string;
    /** Id of a Hugging Face task where one fits, such as `tabular-classification`. */
    task?: string;
    lifecycle: 'experimental' | 'production' | 'deprecated';
    owner: string;
    system?: string;
    risk: ModelRisk;
    teamSize: ModelTeamSize;
    /** What it is to be used for, in a sentence or two. */
    intendedUse: string;
    /** What it must not be used for. */
    outOfScope?: string[];
    /** Data sets. */
    trainedOn?: string[];
    /** Feature views. */
    usesFeatures?: string[];
    /** Base or foundation models. */
    derivedFrom?: string[];
    /** The pipeline. */
    builtBy?: string;
    servedBy?: string[];
    /** Resources that are versioned with the release, such as prompt templates. */
    configuration?: string[];
    /** What else it needs; each reference names its kind. */
    dependsOn?: string[];
  };
}

/**
 * Whether an entity of the catalog is a Model of this version of the kind. The catalog has validated it.
 * @public
 */
export function isModelEntity(entity: Entity): entity is ModelEntityV1alpha1 {
  return (
    entity.apiVersion === MODEL_API_VERSION &&
    entity.kind.toLocaleLowerCase('en-US') === 'model'
  );
}
