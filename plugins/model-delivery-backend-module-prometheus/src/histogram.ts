import { PrometheusError } from './PrometheusError';

/** Observations between two bounds. */
export interface Bucket {
  /** In milliseconds. */
  low: number;
  /** In milliseconds; infinite in the last. */
  high: number;
  count: number;
}

/** Most latencies that a metrics source gives. */
const MOST_SAMPLES = 5_000;
/** Observations beyond these quantiles hardly move a median of differences. */
const MATTERS = { from: 0.05, to: 0.95 };

/**
 * Makes buckets of the growths of a classic histogram, by the text of their upper bound `le`.
 * @param unitMs - milliseconds in one unit of the bounds
 * @throws PrometheusError when a bound is none, or there is no bucket for all
 */
export function toBuckets(
  growthOf: ReadonlyMap<string, number>,
  unitMs: number,
): Bucket[] {
  const cumulative = [...growthOf].map(([le, count]) => ({
    high: boundOf(le) * unitMs,
    count,
  }));
  cumulative.sort((a, b) => a.high - b.high);
  if (cumulative.length > 0 && cumulative.at(-1)!.high !== Infinity) {
    throw new PrometheusError(
      'nonsense',
      'The latencies have no bucket with le="+Inf"; ask for the series of a histogram that end in _bucket, and keep the label le',
    );
  }
  let below = 0;
  let low = 0;
  return cumulative.map(({ high, count }) => {
    const bucket = {
      low: Math.min(low, high),
      high,
      // Buckets are read one after another, so a later one may lag behind
      count: Math.max(0, Math.round(count) - below),
    };
    below = Math.max(below, Math.round(count));
    low = high;
    return bucket;
  });
}

function boundOf(le: string): number {
  const bound = le === '+Inf' ? Infinity : Number(le);
  if (le === '' || Number.isNaN(bound)) {
    throw new PrometheusError(
      'nonsense',
      `A latency series has the label le="${le}"; the upper bound of a bucket is expected`,
    );
  }
  return bound;
}

/** How many observations there are. */
export function countOf(buckets: readonly Bucket[]): number {
  return buckets.reduce((sum, { count }) => sum + count, 0);
}

/**
 * A quantile in milliseconds, found by spreading the observations of a bucket evenly over it, as Prometheus's
 * `histogram_quantile` does. In the last bucket it is its lower bound.
 * @param q - from 0 to 1
 * @returns undefined without observations
 */
export function quantileOfBuckets(
  buckets: readonly Bucket[],
  q: number,
): number | undefined {
  const rank = q * countOf(buckets);
  let below = 0;
  for (const { low, high, count } of buckets) {
    if (count > 0 && rank <= below + count) {
      return high === Infinity
        ? low
        : low + ((high - low) * (rank - below)) / count;
    }
    below += count;
  }
  return undefined;
}

/**
 * Latencies that fall into the buckets as the observations did, evenly within each: as many as there were observations,
 * or 5,000 evenly spaced quantiles when there were more.
 */
export function toLatencies(buckets: readonly Bucket[]): number[] {
  const size = Math.min(MOST_SAMPLES, countOf(buckets));
  return Array.from(
    { length: size },
    (_, i) => quantileOfBuckets(buckets, (i + 0.5) / size)!,
  );
}

/**
 * How far a latency may be off, in milliseconds: the width of the widest bucket that holds any of the middle 90 %.
 * Infinite when so many lie beyond the last bound; 0 without observations.
 */
export function resolutionOf(buckets: readonly Bucket[]): number {
  const total = countOf(buckets);
  let below = 0;
  let widest = 0;
  for (const { low, high, count } of buckets) {
    const matters =
      count > 0 &&
      below + count > MATTERS.from * total &&
      below < MATTERS.to * total;
    widest = matters ? Math.max(widest, high - low) : widest;
    below += count;
  }
  return widest;
}
