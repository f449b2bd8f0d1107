import { quantile } from '@slipway/canary-analysis';
import { SignalsBucket } from '@slipway/backstage-plugin-model-delivery-node';
import type { Bucket } from './MeasurementStore';

/** Joins buckets of a second into wider ones that start at `from`, with their quantiles. */
export function summarise(
  buckets: readonly Bucket[],
  from: Date,
  bucketSeconds: number,
): SignalsBucket[] {
  const width = bucketSeconds * 1000;
  const groups = new Map<number, Bucket[]>();
  for (const bucket of buckets) {
    const place = Math.floor((bucket.at * 1000 - from.getTime()) / width);
    const group = groups.get(place);
    if (group) group.push(bucket);
    else groups.set(place, [bucket]);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([place, group]) => {
      const latencies = group.flatMap(({ latencies: some }) =>
        Array.from(some),
      );
      return {
        at: new Date(from.getTime() + place * width),
        requests: group.reduce((sum, { requests }) => sum + requests, 0),
        errors: group.reduce((sum, { errors }) => sum + errors, 0),
        p50: quantile(latencies, 0.5) ?? undefined,
        p95: quantile(latencies, 0.95) ?? undefined,
      };
    });
}
