import { Entity } from '@backstage/catalog-model';
import { ModelDraft, SpecField } from '../entities/ModelDraft';
import { plainText } from '../entities/plainText';

/** Fields in which a difference is worth a word: they decide who may do what, and by which policy. */
const COMPARED: readonly (readonly [SpecField, string])[] = [
  ['owner', 'owner'],
  ['risk', 'risk'],
  ['teamSize', 'team size'],
  ['lifecycle', 'lifecycle'],
];

/** One line on where else a model was found, what is said otherwise there, and what would connect the two. */
export function describeConflict(
  entity: Entity,
  found: { draft: ModelDraft; title: string },
  registry: string | undefined,
): string {
  const { draft, title } = found;
  const name = plainText(draft.name.replace(/\s+/g, ' '), 200);
  const differences = COMPARED.flatMap(([field, word]) => {
    const there = draft.spec[field];
    return there !== undefined && there !== entity.spec?.[field]
      ? [`${word} ${plainText(String(there), 100)}`]
      : [];
  });
  const unconnected = draft.registry && registry === undefined;
  return [
    `${title} as ${name}`,
    differences.length > 0 && `, with ${differences.join(', ')} there`,
    unconnected &&
      `; the annotation slipway.dev/registry: ${draft.registry} in this file would connect its versions`,
  ]
    .filter(Boolean)
    .join('');
}
