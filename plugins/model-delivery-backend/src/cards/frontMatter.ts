import { InputError } from '@backstage/errors';
import { parseDocument } from 'yaml';

/** Longest front matter that is read, in characters; what Slipway exports stands in it whole. */
const MAX_LENGTH = 1_000_000;
/** Enough for the few anchors that people use; a bomb needs more. */
const MAX_ALIASES = 10;

/** A text and what stands before it between two lines of `---`. */
export interface SplitText {
  front: Map<string, unknown>;
  body: string;
}

/**
 * Takes the YAML front matter off a text. Line ends become `\n`.
 * @throws InputError when there is one that is too long, not YAML or no mapping
 */
export function splitFrontMatter(source: string): SplitText {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const match = /^---[ \t]*\n([\s\S]*?)(?:^|\n)---[ \t]*(?:\n|$)/.exec(text);
  if (!match) {
    return { front: new Map(), body: text };
  }
  const [whole, yaml] = match;
  if (yaml.length > MAX_LENGTH) {
    throw new InputError(
      `The front matter is ${yaml.length} characters long; at most ${MAX_LENGTH} are read`,
    );
  }
  return { front: readMapping(yaml), body: text.slice(whole.length) };
}

function readMapping(yaml: string): Map<string, unknown> {
  const document = parseDocument(yaml, { schema: 'core', uniqueKeys: true });
  const [fault] = document.errors;
  if (fault) {
    throw new InputError(`The front matter is not YAML: ${fault.message}`);
  }
  let value: unknown;
  try {
    // As maps, so that no key can be taken for a property that objects have anyway
    value = document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new InputError(
      `The front matter cannot be read: ${
        error instanceof Error ? error.message : error
      }`,
    );
  }
  if (value === null || value === undefined) {
    return new Map();
  }
  if (!(value instanceof Map)) {
    throw new InputError(
      'The front matter is no mapping of keys to values, such as `license: apache-2.0`',
    );
  }
  return new Map([...value].map(([key, each]) => [String(key), each]));
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
