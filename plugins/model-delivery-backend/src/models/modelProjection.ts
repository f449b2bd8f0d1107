import {
  Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { fieldsToBeCompleted } from '@slipway/backstage-plugin-model-delivery-common';
import { ModelRow } from './ModelRecord';

/** Annotation that says where a model's versions are registered, such as `mlflow://main/credit-default`. */
export const REGISTRY_ANNOTATION = 'slipway.dev/registry';

/** Annotation that says by which framework a model is made, such as `pytorch`. */
export const FRAMEWORK_ANNOTATION = 'slipway.dev/framework';

/** Label of entities that are sample data. */
export const SAMPLE_LABEL = 'slipway.dev/sample';

/** Fields of an entity that the projection reads. */
export const PROJECTED_FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.annotations',
  'metadata.labels',
  'spec',
  'relations',
];

/** The columns of `models` that come from the catalog. */
export type CatalogColumns = Pick<
  ModelRow,
  | 'ref'
  | 'namespace'
  | 'name'
  | 'title'
  | 'task'
  | 'owner'
  | 'system'
  | 'lifecycle'
  | 'risk'
  | 'risk_rank'
  | 'team_size'
  | 'registry_type'
  | 'registry_id'
  | 'registry_model'
  | 'search_text'
  | 'framework'
  | 'to_be_completed'
> & { sample: boolean };

/** Longer names than any person gives are cut, since indexes hold them; refs so long are taken for none. */
const LONGEST = { name: 200, ref: 500, searchText: 4_000 };
const RISK_RANKS = { low: 0, medium: 1, high: 2 } as const;
const LIFECYCLES = ['experimental', 'production', 'deprecated'] as const;
const TEAM_SIZES = ['small', 'medium', 'large'] as const;

/**
 * What the lists show of a Model entity. Where the kind is not validated and a field is missing or malformed, the
 * strictest reading counts: high risk, a large team, not in production. So it does where nobody has stated it yet.
 */
export function toCatalogColumns(entity: Entity): CatalogColumns {
  const spec: Record<string, unknown> = entity.spec ?? {};
  const namespace = entity.metadata.namespace ?? 'default';
  const { name } = entity.metadata;
  const title = entity.metadata.title ?? name;
  const task = nameOrNull(spec.task);
  const framework = nameOrNull(
    entity.metadata.annotations?.[FRAMEWORK_ANNOTATION]?.toLocaleLowerCase(
      'en-US',
    ),
  );
  const owner =
    relation(entity, 'ownedBy') ??
    refOrNull(spec.owner, 'group', namespace) ??
    'group:default/unknown';
  const missing = fieldsToBeCompleted(entity);
  const risk = missing.includes('risk')
    ? 'high'
    : oneOf(['low', 'medium', 'high'] as const, spec.risk, 'high');
  const registry = parseRegistry(
    entity.metadata.annotations?.[REGISTRY_ANNOTATION],
  );
  const system =
    relation(entity, 'partOf') ?? refOrNull(spec.system, 'system', namespace);
  return {
    ref: stringifyEntityRef(entity),
    namespace,
    name,
    title,
    task,
    owner,
    system,
    lifecycle: oneOf(LIFECYCLES, spec.lifecycle, 'experimental'),
    risk,
    risk_rank: RISK_RANKS[risk],
    team_size: oneOf(TEAM_SIZES, spec.teamSize, 'large'),
    sample: entity.metadata.labels?.[SAMPLE_LABEL] === 'true',
    registry_type: registry?.type ?? null,
    registry_id: registry?.id ?? null,
    registry_model: registry?.model ?? null,
    search_text: [
      name,
      title,
      owner,
      ...[task, system, framework].filter(each => each !== null),
      ...relations(entity, 'trainedOn'),
    ]
      .join('\n')
      .toLowerCase()
      .slice(0, LONGEST.searchText),
    framework,
    to_be_completed: missing.length > 0 ? missing.join(',') : null,
  };
}

/**
 * Reads the annotation `TYPE://CONNECTION/MODEL`. The model may hold further slashes and percent escapes.
 * @returns undefined when there is none, or it is malformed.
 */
export function parseRegistry(
  annotation: string | undefined,
): { type: string; id: string; model: string } | undefined {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/]+)\/(.+)$/.exec(
    annotation?.trim() ?? '',
  );
  if (!match) {
    return undefined;
  }
  try {
    return {
      type: match[1],
      id: match[2],
      model: decodeURIComponent(match[3]),
    };
  } catch {
    return { type: match[1], id: match[2], model: match[3] };
  }
}

function relations(entity: Entity, type: string): string[] {
  return (entity.relations ?? []).flatMap(each =>
    each.type === type && each.targetRef.length <= LONGEST.ref
      ? [each.targetRef]
      : [],
  );
}

function relation(entity: Entity, type: string): string | undefined {
  return relations(entity, type)[0];
}

function nameOrNull(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== ''
    ? value.trim().slice(0, LONGEST.name)
    : null;
}

function refOrNull(
  value: unknown,
  defaultKind: string,
  defaultNamespace: string,
): string | null {
  if (typeof value !== 'string' || value.length > LONGEST.ref) {
    return null;
  }
  try {
    return stringifyEntityRef(
      parseEntityRef(value, { defaultKind, defaultNamespace }),
    );
  } catch {
    return null;
  }
}

function oneOf<T extends string>(
  values: readonly T[],
  value: unknown,
  fallback: T,
): T {
  return values.find(each => each === value) ?? fallback;
}
