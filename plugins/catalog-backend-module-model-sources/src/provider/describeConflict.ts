import {
  Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { ModelDraft, SpecField } from '../entities/ModelDraft';
import { plainText } from '../entities/plainText';

/** Fields in which a difference is worth a word: they decide who may do what, and by which policy. */
const COMPARED: readonly (readonly [SpecField, string])[] = [
  ['owner', 'owner'],
  ['risk', 'risk'],
  ['teamSize', 'team size'],
  ['lifecycle', 'lifecycle'],
];

/** What a source says otherwise of a model that somebody wrote an entity of. */
export interface Conflict {
  /** What the model is called in the source. */
  name: string;
  /** What is said otherwise there, such as `risk low`. */
  differences: string[];
  /** The registered model, where the entity names none. */
  unconnected?: string;
}

/** @returns undefined when the entity names that registered model, and nothing is said otherwise in the source. */
export function findConflict(
  spec: Entity['spec'],
  draft: ModelDraft,
  registry: string | undefined,
): Conflict | undefined {
  const differences = COMPARED.flatMap(([field, word]) => {
    const there = draft.spec[field];
    return there !== undefined &&
      compared(field, there) !== compared(field, spec?.[field])
      ? [`${word} ${plainText(String(there), 100)}`]
      : [];
  });
  if (differences.length === 0 && registry !== undefined) {
    return undefined;
  }
  return {
    name: plainText(draft.name.replace(/\s+/g, ' '), 200) ?? '',
    differences,
    ...(registry === undefined && { unconnected: draft.registry }),
  };
}

/**
 * One line on where else a model was found, what is said otherwise there, and what would connect the two.
 * @returns undefined when the entity names that registered model, and nothing is said otherwise there.
 */
export function describeConflict(
  entity: Entity,
  found: { draft: ModelDraft; title: string },
  registry: string | undefined,
): string | undefined {
  const { draft, title } = found;
  const conflict = findConflict(entity.spec, draft, registry);
  return (
    conflict &&
    `${title} as ${conflict.name}${wordsOf(conflict, {
      there: ' there',
      file: 'this file',
    })}`
  );
}

/** The same line for whoever looks at the source, and not at the entity. */
export function reportConflict(conflict: Conflict): string {
  return `Called ${conflict.name} there${wordsOf(conflict, {
    there: '',
    file: 'its catalog-info.yaml',
  })}`;
}

function wordsOf(
  { differences, unconnected }: Conflict,
  { there, file }: { there: string; file: string },
): string {
  return [
    differences.length > 0 && `, with ${differences.join(', ')}${there}`,
    unconnected &&
      `; the annotation slipway.dev/registry: ${unconnected} in ${file} would connect its versions`,
  ]
    .filter(Boolean)
    .join('');
}

/** Owners may be written shorter and mean the same. */
function compared(field: SpecField, value: unknown): unknown {
  if (field !== 'owner' || typeof value !== 'string') {
    return value;
  }
  try {
    return stringifyEntityRef(parseEntityRef(value, { defaultKind: 'Group' }));
  } catch {
    return value;
  }
}
