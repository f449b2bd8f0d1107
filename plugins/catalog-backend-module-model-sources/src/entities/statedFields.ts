import { SpecField } from './ModelDraft';

/** Fields that hold several values; where a source has only text, commas separate them. */
const LISTS: readonly SpecField[] = [
  'outOfScope',
  'trainedOn',
  'usesFeatures',
  'derivedFrom',
  'servedBy',
  'configuration',
  'dependsOn',
];
const SINGLE: readonly SpecField[] = [
  'type',
  'task',
  'lifecycle',
  'owner',
  'system',
  'risk',
  'teamSize',
  'intendedUse',
  'builtBy',
];
const KEYS = new Map<string, SpecField | 'framework' | 'registry'>([
  ...[...LISTS, ...SINGLE].map(
    field => [field.toLocaleLowerCase('en-US'), field] as const,
  ),
  ['framework', 'framework'],
  ['registry', 'registry'],
]);
/** Values of these are words of ours, in lower case. */
const WORDS: readonly SpecField[] = ['type', 'lifecycle', 'risk', 'teamSize'];

/** What some pairs of keys and values state of a model. */
export interface StatedFields {
  spec: Partial<Record<SpecField, unknown>>;
  framework?: string;
  registry?: string;
}

/**
 * Reads fields of a Model from keys as people write them elsewhere: `intended-use`, `intended_use` and `intendedUse` are the
 * same, and `slipway.owner`, `slipway/owner` or `slipway:owner` goes before `owner`. Keys of other meanings are passed by.
 */
export function statedFields(
  pairs: Iterable<readonly [string, unknown]>,
): StatedFields {
  const stated: StatedFields = { spec: {} };
  const ordered = [...pairs]
    .map(([key, value]) => ({ ...parseKey(key), value }))
    .sort((a, b) => Number(a.isOurs) - Number(b.isOurs));
  for (const { field, value } of ordered) {
    if (field === undefined || value === undefined || value === null) {
      continue;
    }
    if (field === 'framework' || field === 'registry') {
      stated[field] = String(value).trim() || undefined;
    } else {
      const read = readValue(field, value);
      if (read !== undefined) {
        stated.spec[field] = read;
      }
    }
  }
  return stated;
}

function parseKey(key: string) {
  const [, prefix, name] = /^(slipway(?:\.dev)?[./:])?(.*)$/su.exec(key)!;
  return {
    isOurs: prefix !== undefined,
    field: KEYS.get(name.replace(/[-_ ]/g, '').toLocaleLowerCase('en-US')),
  };
}

function readValue(field: SpecField, value: unknown): unknown {
  if (LISTS.includes(field)) {
    const items = Array.isArray(value) ? value : String(value).split(',');
    const texts = items.map(item => String(item).trim()).filter(Boolean);
    return texts.length > 0 ? [...new Set(texts)] : undefined;
  }
  const text = String(value).trim();
  if (text === '') {
    return undefined;
  }
  if (field === 'task') {
    return text.replace(/[\s_]+/g, '-').toLocaleLowerCase('en-US');
  }
  return WORDS.includes(field) ? text.toLocaleLowerCase('en-US') : text;
}
