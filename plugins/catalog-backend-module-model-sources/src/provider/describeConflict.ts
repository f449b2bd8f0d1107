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
  const name = plainText(draft.name.replace(/\s+/g, ' '), 200);
  const differences = COMPARED.flatMap(([field, word]) => {
    const there = draft.spec[field];
    return there !== undefined &&
      compared(field, there) !== compared(field, entity.spec?.[field])
      ? [`${word} ${plainText(String(there), 100)}`]
      : [];
  });
  const unconnected = draft.registry && registry === undefined;
  if (differences.length === 0 && registry !== undefined) {
    return undefined;
  }
  return [
    `${title} as ${name}`,
    differences.length > 0 && `, with ${differences.join(', ')} there`,
    unconnected &&
      `; the annotation slipway.dev/registry: ${draft.registry} in this file would connect its versions`,
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
