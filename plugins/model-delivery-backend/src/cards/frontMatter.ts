import { InputError } from '@backstage/errors';
import {
  splitFrontMatter,
  toLines,
} from '@slipway/backstage-plugin-model-delivery-node/cardFiles';

/**
 * Takes the YAML front matter off a card. Line ends become `\n`.
 * @throws InputError when there is one that is too long, not YAML or no mapping
 */
export function splitCard(source: string): {
  front: Map<string, unknown>;
  body: string;
} {
  const { front, body } = splitFrontMatter(source) ?? {
    front: null,
    body: toLines(source),
  };
  if (front !== null && front !== undefined && !(front instanceof Map)) {
    throw new InputError(
      'The front matter is no mapping of keys to values, such as `license: apache-2.0`',
    );
  }
  return {
    front: new Map(
      [...(front ?? [])].map(([key, value]) => [String(key), value]),
    ),
    body,
  };
}

/** The value as texts: one, or those of a list; what is neither is left out. */
export function textsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap(each =>
    typeof each === 'string' ||
    typeof each === 'number' ||
    typeof each === 'boolean'
      ? String(each).trim() || []
      : [],
  );
}
