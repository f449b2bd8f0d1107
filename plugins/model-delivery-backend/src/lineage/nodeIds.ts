import { InputError } from '@backstage/errors';
import { isEntityRef, LineageName } from './names';

/** What an id of a node of the API stands for. */
export type NodeReference =
  | { kind: 'entity'; ref: string; version: string }
  | { kind: 'named'; name: LineageName; version: string };

/** Kinds of ids for what the catalog does not have; no entity is of such a kind. */
const CLASSES = { dataset: 'thing', run: 'run', job: 'job' } as const;

/** The id of an entity, or of a version of it. */
export function entityNodeId(ref: string, version: string): string {
  return withVersion(ref, version);
}

/** The id of what only events or versions told of. */
export function namedNodeId(
  name: Pick<LineageName, 'class' | 'namespace' | 'name'>,
  version: string,
): string {
  if (name.class === 'run') {
    return `run:${name.name}`;
  }
  const prefix = name.class === 'job' ? 'job' : 'dataset';
  return withVersion(
    `${prefix}:${encodeURIComponent(name.namespace)}/${encodeURIComponent(
      name.name,
    )}`,
    version,
  );
}

/**
 * Reads an id that the API gave, or one that somebody wrote: an entity ref, `dataset:NAMESPACE/NAME` with both escaped as
 * in a URL, each with `@VERSION` for one version, or `run:ID`.
 * @throws InputError
 */
export function parseNodeId(id: string): NodeReference {
  const [, base, escaped] = /^([^@]*)(?:@(.*))?$/s.exec(id) ?? [];
  try {
    const version = decodeURIComponent(escaped ?? '');
    const [, prefix, first, second] =
      /^(dataset|run|job):([^/]+)(?:\/(.+))?$/.exec(base) ?? [];
    if (prefix === 'run' && second === undefined) {
      return {
        kind: 'named',
        name: { class: 'run', kind: 'run', namespace: 'run', name: first },
        version: '',
      };
    }
    if ((prefix === 'dataset' || prefix === 'job') && second !== undefined) {
      return {
        kind: 'named',
        name: {
          class: CLASSES[prefix],
          kind: prefix,
          namespace: decodeURIComponent(first),
          name: decodeURIComponent(second),
        },
        version,
      };
    }
    if (isEntityRef(base)) {
      return {
        kind: 'entity',
        ref: base.toLocaleLowerCase('en-US'),
        version,
      };
    }
  } catch (error) {
    if (!(error instanceof URIError)) {
      throw error;
    }
  }
  throw new InputError(
    `'${id}' is no node of lineage; nodes are entity refs such as resource:default/loans, dataset:NAMESPACE/NAME with both escaped as in a URL, each with @VERSION for one version, or run:ID`,
  );
}

function withVersion(base: string, version: string): string {
  return version === '' ? base : `${base}@${encodeURIComponent(version)}`;
}
