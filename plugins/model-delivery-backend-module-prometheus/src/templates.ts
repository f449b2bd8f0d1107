import { DeploymentTarget } from '@slipway/backstage-plugin-model-delivery-node';

/** What a query is about. */
export interface QuerySubject {
  target: DeploymentTarget;
  version: string;
}

const PLACEHOLDER = /\$\{([^}]*)\}/g;
const OF_LABELS = [
  'name',
  'namespace',
  'ref',
  'environment',
  'version',
] as const;
const OF_QUERIES = [...OF_LABELS, 'matchers', 'range'];

/** Writes a text as PromQL writes it between double quotes, so that no value can end its string. */
export function escapeLabelValue(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n');
}

/** Placeholders of a text that a query, or the value of a label, does not know. */
export function unknownPlaceholders(
  text: string,
  where: 'label' | 'query',
): string[] {
  const known: readonly string[] = where === 'label' ? OF_LABELS : OF_QUERIES;
  return [...text.matchAll(PLACEHOLDER)]
    .map(([, name]) => name)
    .filter(name => !known.includes(name));
}

/** Whether a query counts over an interval by itself; it is a selector otherwise. */
export function countsByItself(template: string): boolean {
  return template.includes('${range}');
}

/** Fills in a query. Values are escaped as within a string of PromQL. */
export function fillQuery(
  template: string,
  labels: Record<string, string>,
  subject: QuerySubject,
  rangeMs: number,
): string {
  const values = valuesOf(subject);
  const matchers = Object.entries(labels).map(
    ([label, value]) => `${label}="${escapeLabelValue(fill(value, values))}"`,
  );
  const escaped = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      escapeLabelValue(value),
    ]),
  );
  return fill(template, {
    ...escaped,
    matchers: matchers.join(','),
    range: `${rangeMs}ms`,
  });
}

function fill(text: string, values: Record<string, string>): string {
  return text.replace(PLACEHOLDER, (_, name) => values[name] ?? '');
}

function valuesOf({ target, version }: QuerySubject): Record<string, string> {
  const [namespace, name] = target.model.replace(/^[^:]*:/, '').split('/');
  return {
    name,
    namespace,
    ref: target.model,
    environment: target.environment,
    version,
  };
}
