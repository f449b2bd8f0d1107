import { VersionParts } from '@slipway/backstage-plugin-model-delivery-common';
import { createHash } from 'node:crypto';

/** What a name is of: a thing that is made, such as a data set or model; a run; a job. */
export type NameClass = 'thing' | 'run' | 'job';

/** What a thing is; an event that says more than another one wins, whichever comes first. */
export type ThingKind = 'dataset' | 'model' | 'configuration';

/** The namespace of entity refs of the catalog, for events that name things as it does. */
export const CATALOG_NAMESPACE = 'backstage';

/** The namespace of base models that are named as their maker does. */
export const BASE_MODELS = 'base-model';

const ENTITY_REF = /^[a-z][a-z0-9]*:[^:/\s\p{Cc}]+\/[^:/\s\p{Cc}]+$/iu;
const URI = /^([a-z][a-z0-9+.-]*:\/\/[^/]+)\/(.+)$/i;

/** A name, as OpenLineage makes them: unique within its namespace. */
export interface LineageName {
  class: NameClass;
  kind: ThingKind | 'run' | 'job';
  namespace: string;
  name: string;
}

/** A version of what a name names; empty where none was said. */
export interface VersionedName {
  name: LineageName;
  version: string;
}

/** Hex SHA-256 by which a name is found: names may be longer than an index takes. */
export function keyOfName(name: LineageName): string {
  return createHash('sha256')
    .update(JSON.stringify([name.class, name.namespace, name.name]))
    .digest('hex');
}

/** The name of an entity of the catalog. */
export function nameOfEntity(kind: ThingKind, ref: string): LineageName {
  return {
    class: 'thing',
    kind,
    namespace: CATALOG_NAMESPACE,
    name: ref.toLocaleLowerCase('en-US'),
  };
}

/** Whether it is an entity ref with kind, namespace and name. */
export function isEntityRef(text: string): boolean {
  return ENTITY_REF.test(text);
}

/** Whether it is the ref of a model: as a namespace it holds what only that model calls so. */
export function isModelRef(text: string): boolean {
  return text.startsWith('model:') && isEntityRef(text);
}

/**
 * How a thing is called that a model's pipeline named: an entity ref; a URI, split as OpenLineage does; or something that
 * means what it means within that model alone.
 */
export function nameWithin(
  kind: ThingKind,
  given: string,
  scope: string,
): LineageName {
  const text = withoutNul(given);
  if (isEntityRef(text)) {
    return nameOfEntity(kind, text);
  }
  const [, namespace, name] = URI.exec(text) ?? [undefined, scope, text];
  return { class: 'thing', kind, namespace, name };
}

/** What a version says that it was made of. */
export function sourcesOfVersion(
  modelRef: string,
  parts: VersionParts,
): (VersionedName & { relation: 'data' | 'configuration' | 'base-model' })[] {
  const base = /^(.+?)(?:@([^@]*))?$/s.exec(parts.baseModel ?? '');
  return [
    ...parts.data.map(each => ({
      name: nameWithin('dataset', each.name, modelRef),
      version: withoutNul(each.version),
      relation: 'data' as const,
    })),
    ...parts.configuration.map(each => ({
      name: nameWithin('configuration', each.name, modelRef),
      version: withoutNul(each.digest),
      relation: 'configuration' as const,
    })),
    ...(base
      ? [
          {
            name: nameWithin('model', base[1], BASE_MODELS),
            version: withoutNul(base[2] ?? ''),
            relation: 'base-model' as const,
          },
        ]
      : []),
  ];
}

/** PostgreSQL keeps no such character. */
export function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}
