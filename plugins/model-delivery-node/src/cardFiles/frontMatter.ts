import { InputError } from '@backstage/errors';
import { parseDocument } from 'yaml';

/** Longest front matter that is read, in characters; what Slipway exports stands in it whole. */
const MAX_LENGTH = 1_000_000;
/** Enough for the anchors that people use; a bomb needs more. */
const MAX_ALIASES = 50;

/**
 * A text and what stands before it between two lines of `---`.
 *
 * @public
 */
export interface SplitText {
  /** What its YAML says, mappings as maps, so that no key can be taken for a property that objects have anyway. */
  front: unknown;
  body: string;
}

/**
 * Takes the YAML front matter off a text. Line ends become `\n`.
 *
 * @returns undefined when there is none
 * @throws InputError when there is one that is too long or not YAML
 * @public
 */
export function splitFrontMatter(source: string): SplitText | undefined {
  const text = toLines(source);
  const match = /^---[ \t]*\n([\s\S]*?)(?:^|\n)---[ \t]*(?:\n|$)/.exec(text);
  if (!match) {
    return undefined;
  }
  const [whole, yaml] = match;
  if (yaml.length > MAX_LENGTH) {
    throw new InputError(
      `The front matter is ${yaml.length} characters long; at most ${MAX_LENGTH} are read`,
    );
  }
  return { front: readYaml(yaml), body: text.slice(whole.length) };
}

/**
 * The text with line ends of one kind and without a byte order mark.
 *
 * @public
 */
export function toLines(source: string): string {
  return source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}

function readYaml(yaml: string): unknown {
  const document = parseDocument(yaml, { schema: 'core', uniqueKeys: true });
  const [fault] = document.errors;
  if (fault) {
    throw new InputError(`The front matter is not YAML: ${fault.message}`);
  }
  try {
    return document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw new InputError(
      `The front matter cannot be read: ${
        error instanceof Error ? error.message : error
      }`,
    );
  }
}
