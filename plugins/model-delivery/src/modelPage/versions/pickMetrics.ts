import type { Version } from '@slipway/backstage-plugin-model-delivery-common';

/** As many columns as a screen holds. */
const MOST = 4;

/** The metrics of versions, those that most of them report first, then in the order of the first; and further ones. */
export function metricNames(
  versions: Version[],
  further: string[] = [],
): string[] {
  const counts = new Map<string, number>();
  versions.forEach(version =>
    version.metrics.forEach(({ name }) =>
      counts.set(name, (counts.get(name) ?? 0) + 1),
    ),
  );
  const order = [...counts.keys()];
  const sorted = [...order].sort(
    (a, b) =>
      counts.get(b)! - counts.get(a)! || order.indexOf(a) - order.indexOf(b),
  );
  return [...new Set([...sorted, ...further])];
}

/** The metrics that are columns unless others are chosen. */
export function pickMetrics(versions: Version[]): string[] {
  return metricNames(versions).slice(0, MOST);
}
