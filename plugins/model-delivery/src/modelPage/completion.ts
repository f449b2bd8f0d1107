import { Entity } from '@backstage/catalog-model';
import {
  ANNOTATION_PROVIDED_BY,
  ANNOTATION_REGISTRY,
  ModelEntityV1alpha1,
} from '@slipway/backstage-plugin-model-delivery-common';

/** How each kind of source states a field of the entity. */
const WAYS: Readonly<
  Record<string, { where: string; spell: (field: string) => string }>
> = {
  mlflow: {
    where: 'as tags of the registered model in MLflow',
    spell: dashed,
  },
  'model-cards': {
    where: 'below slipway: in the front matter of its model card',
    spell: dashed,
  },
  'ml-boms': {
    where: 'as properties of its component in the ML-BOM',
    spell: field => `slipway:${dashed(field)}`,
  },
};

/** Where to state what is missing, and how it is spelt there; undefined where an entity was not provided. */
export function whereToState(
  entity: Entity,
  fields: string[],
): { where: string; keys: string[] } | undefined {
  const kind =
    entity.metadata.annotations?.[ANNOTATION_PROVIDED_BY]?.split(':')[0];
  const way = kind === undefined ? undefined : WAYS[kind];
  return way && { where: way.where, keys: fields.map(way.spell) };
}

/** A `catalog-info.yaml` that takes a provided entity over, with what is to be filled in left open. */
export function catalogFileOf(entity: Entity, fields: string[]): string {
  const spec = (entity.spec ?? {}) as Partial<ModelEntityV1alpha1['spec']>;
  const registry = entity.metadata.annotations?.[ANNOTATION_REGISTRY];
  const line = (field: keyof ModelEntityV1alpha1['spec'], choices: string) =>
    `  ${field}: ${
      fields.includes(field) ? `# ${choices}` : JSON.stringify(spec[field])
    }`;
  return [
    `apiVersion: ${entity.apiVersion}`,
    'kind: Model',
    'metadata:',
    `  name: ${entity.metadata.name}`,
    ...(registry
      ? [
          '  annotations:',
          `    ${ANNOTATION_REGISTRY}: ${JSON.stringify(registry)}`,
        ]
      : []),
    'spec:',
    line('type', 'such as classifier'),
    ...(spec.task ? [line('task', '')] : []),
    line('lifecycle', 'experimental, production or deprecated'),
    line('owner', 'such as group:default/credit-risk'),
    line('risk', 'low, medium or high'),
    line('teamSize', 'small, medium or large'),
    line('intendedUse', 'what it is for, in a sentence or two'),
  ].join('\n');
}

function dashed(field: string): string {
  return field.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}
