import { FieldError } from '@slipway/backstage-plugin-model-delivery-common';
import { isScalar, parseDocument, visit } from 'yaml';
import { z } from 'zod';

const MAX_BYTES = 65_536;
const MAX_LINES = 3_000;
const MAX_LINE = 1_000;
/** How often each of the characters may come that make a YAML parser work hard. */
const MAX_INDICATORS = 3_000;
/** Deepest that a policy goes is 8; what is deeper is no policy and could exhaust the stack. */
const MAX_DEPTH = 40;
/** Aliases that a file may use, counted as often as they are expanded. */
const MAX_ALIASES = 100;
const MAX_ERRORS = 50;

/** What became of reading a file: its value, or what is wrong with it. */
export type ReadPolicy<T> =
  | { value: T; errors: [] }
  | { value: undefined; errors: FieldError[] };

/**
 * Reads the text of a policy file as YAML, within bounds on its size, depth and aliases.
 */
export function readPolicyYaml(text: string): ReadPolicy<unknown> {
  const refuse = (message: string): ReadPolicy<unknown> => ({
    value: undefined,
    errors: [{ path: '', message }],
  });
  const excess = findExcess(text);
  if (excess) {
    return refuse(excess);
  }
  try {
    // The parser looks for keys that come twice in quadratic time, so that is done here.
    const document = parseDocument(text, { uniqueKeys: false });
    if (document.errors.length > 0) {
      return refuse(
        `is no valid YAML: ${document.errors[0].message.split('\n')[0]}`,
      );
    }
    const twice = findRepeatedKey(document);
    if (twice !== undefined) {
      return refuse(
        `is no valid YAML: the key '${twice}' comes twice in a map`,
      );
    }
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }), errors: [] };
  } catch (error) {
    return refuse(
      `is no valid YAML: ${
        error instanceof Error ? error.message.split('\n')[0] : error
      }`,
    );
  }
}

/**
 * Checks a value against a schema; each error carries its path, such as `spec.gates[2].when`.
 */
export function checkForm<S extends z.ZodType>(
  schema: S,
  value: unknown,
): ReadPolicy<z.output<S>> {
  const parsed = schema.safeParse(value);
  return parsed.success
    ? { value: parsed.data, errors: [] }
    : {
        value: undefined,
        errors: parsed.error.issues.flatMap(toFieldErrors).slice(0, MAX_ERRORS),
      };
}

/** What would make the parser take long, found without parsing. */
function findExcess(text: string): string | undefined {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    return `is larger than ${MAX_BYTES / 1024} KiB`;
  }
  const lines = text.split('\n');
  if (lines.length > MAX_LINES) {
    return `has more than ${MAX_LINES} lines`;
  }
  if (lines.some(line => line.length > MAX_LINE)) {
    return `has a line of more than ${MAX_LINE} characters`;
  }
  if (/(?:^|[[{,:?-])[ \t]*\?(?:[ \t]|$)/m.test(text)) {
    return "uses '? ' for a key; write KEY: VALUE";
  }
  const counts = new Map<string, number>();
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if ('[]{}"\'&*!|>?:'.includes(character)) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    if (character === '[' || character === '{') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (character === ']' || character === '}') {
      depth -= 1;
    }
  }
  const frequent = [...counts].find(([, count]) => count > MAX_INDICATORS);
  if (frequent) {
    return `has more than ${MAX_INDICATORS} of the character ${frequent[0]}`;
  }
  const indents = lines.map(line => /^[ \t:-]*/.exec(line)![0].length);
  const widest = indents.reduce((a, b) => Math.max(a, b), 0);
  return Math.max(deepest, widest / 2) > MAX_DEPTH
    ? `is nested more than ${MAX_DEPTH} deep`
    : undefined;
}

function findRepeatedKey(
  document: ReturnType<typeof parseDocument>,
): string | undefined {
  let repeated: string | undefined;
  visit(document, {
    Map(_, map) {
      const keys = new Set<unknown>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? key.value : key;
        if (keys.has(name)) {
          repeated = String(name);
          return visit.BREAK;
        }
        keys.add(name);
      }
      return undefined;
    },
  });
  return repeated;
}

function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const at = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({
      path: at ? `${at}.${key}` : key,
      message: 'is not a known field',
    }));
  }
  return [{ path: at, message: issue.message }];
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number'
        ? `${text}[${part}]`
        : `${text}${text && '.'}${String(part)}`,
    '',
  );
}
