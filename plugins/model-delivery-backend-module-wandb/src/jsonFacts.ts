const MOST_FACTS = 1_000;
const MOST_TEXT = 10_000;
const DEEPEST = 5;

/** The fields of a JSON object in a string; `undefined` when it is none. */
export function readFields(
  json: string | null | undefined,
): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(json || '{}'));
  } catch {
    return undefined;
  }
}

export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/**
 * Fields, and those of the objects in them under names such as `optimizer.rate`; lists as JSON. Of so many as no screen shows, and
 * what lies deeper than 5, the rest is left out. What says its own type, as pictures and histograms do, is no fact.
 */
export function listFacts(
  fields: Record<string, unknown>,
): [string, string | number | boolean][] {
  const facts: [string, string | number | boolean][] = [];
  const add = (of: Record<string, unknown>, prefix: string, depth: number) => {
    for (const [key, value] of Object.entries(of)) {
      if (facts.length >= MOST_FACTS) {
        return;
      }
      const inner = asObject(value);
      if (inner) {
        if (depth < DEEPEST && !('_type' in inner)) {
          add(inner, `${prefix}${key}.`, depth + 1);
        }
      } else if (typeof value === 'number' || typeof value === 'boolean') {
        facts.push([prefix + key, value]);
      } else if (value !== null) {
        const told = typeof value === 'string' ? value : JSON.stringify(value);
        facts.push([prefix + key, told.slice(0, MOST_TEXT)]);
      }
    }
  };
  add(fields, '', 1);
  return facts;
}

/** Facts as text. */
export function listTexts(
  fields: Record<string, unknown>,
): Record<string, string> {
  return Object.fromEntries(
    listFacts(fields).map(([name, value]) => [name, String(value)]),
  );
}
