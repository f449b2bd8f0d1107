import type { Version } from '@slipway/backstage-plugin-model-delivery-common';

/** As many columns as a screen holds. */
const MOST = 4;

/** The metrics that most versions report, in the order of the newest: one column each. */
export function pickMetrics(versions: Version[]): string[] {
  const counts = new Map<string, number>();
  versions.forEach(version =>
    version.metrics.forEach(({ name }) =>
      counts.set(name, (counts.get(name) ?? 0) + 1),
    ),
  );
  const order = [...counts.keys()];
  return order
    .sort(
      (a, b) =>
        counts.get(b)! - counts.get(a)! || order.indexOf(a) - order.indexOf(b),
    )
    .slice(0, MOST);
}
