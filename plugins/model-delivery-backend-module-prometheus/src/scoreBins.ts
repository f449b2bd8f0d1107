import { ScoreBins } from '@slipway/backstage-plugin-model-delivery-node';
import { NativeBucket, NativeHistogram } from './PrometheusClient';
import { PrometheusError } from './PrometheusError';

/**
 * Bins of the growths of a classic histogram of scores, by the text of their upper bound `le`. What is up to the first bound
 * has no other: scores may be negative.
 * @throws PrometheusError when a bound is none, or there is no bucket for all
 */
export function toScoreBins(growthOf: ReadonlyMap<string, number>): ScoreBins {
  // One bound may be written in several ways
  const sums = new Map<number, number>();
  growthOf.forEach((count, le) => {
    const bound = boundOf(le);
    sums.set(bound, (sums.get(bound) ?? 0) + count);
  });
  const cumulative = [...sums]
    .map(([bound, count]) => ({ bound, count }))
    .sort((a, b) => a.bound - b.bound);
  if (cumulative.at(-1)?.bound !== Infinity) {
    throw new PrometheusError(
      'nonsense',
      'The scores have no bucket with le="+Inf"; ask for the series of a histogram that end in _bucket and keep the label le, or for a native histogram',
    );
  }
  return {
    bounds: cumulative.slice(0, -1).map(({ bound }) => bound),
    counts: differences(cumulative.map(({ count }) => count)),
  };
}

/**
 * Bins of the growths of native histograms, one of each server, together. They leave empty buckets out. Where servers have
 * buckets of another width, only what ends where no bucket of another lies is told apart.
 */
export function mergeNative(growths: NativeBucket[][]): ScoreBins {
  const buckets = growths.flat().filter(({ count }) => count > 0);
  const bounds = [...new Set(buckets.flatMap(({ low, high }) => [low, high]))]
    .filter(
      bound =>
        Number.isFinite(bound) &&
        !buckets.some(({ low, high }) => low < bound && bound < high),
    )
    .sort((a, b) => a - b);
  const upTo = (bound: number) =>
    buckets.reduce(
      (sum, { high, count }) => (high <= bound ? sum + count : sum),
      0,
    );
  return {
    bounds,
    counts: differences([...bounds, Infinity].map(upTo)),
  };
}

/**
 * How much a native histogram grew in `(from, to]`, in seconds since the epoch, by its raw samples; as `growth` of a counter. A
 * histogram that counts less than before was restarted.
 */
export function nativeGrowth(
  samples: [number, NativeHistogram][],
  from: number,
  to: number,
): NativeBucket[] {
  const grown: NativeBucket[] = [];
  let before: NativeHistogram = { count: 0, buckets: [] };
  for (const [at, now] of samples.filter(each => each[0] <= to)) {
    if (at > from) {
      grown.push(
        ...now.buckets,
        ...(now.count < before.count ? [] : negative(before.buckets)),
      );
    }
    before = now;
  }
  return added(grown);
}

function negative(buckets: NativeBucket[]): NativeBucket[] {
  return buckets.map(each => ({ ...each, count: -each.count }));
}

/**
 * The sums of buckets. A client that makes its buckets wider on the way counts in them what it counted in narrower ones: those
 * go to the wider one.
 */
function added(buckets: NativeBucket[]): NativeBucket[] {
  const sums: NativeBucket[] = [];
  const widest = [...buckets].sort((a, b) => b.high - b.low - (a.high - a.low));
  for (const { low, high, count } of widest) {
    const wider = sums.find(each => each.low <= low && high <= each.high);
    if (wider) {
      wider.count += count;
    } else {
      sums.push({ low, high, count });
    }
  }
  return sums.map(each => ({ ...each, count: Math.max(0, each.count) }));
}

/** Counts of each bin of cumulative ones, whole; those that are read later may lag behind. */
function differences(cumulative: number[]): number[] {
  let below = 0;
  return cumulative.map(each => {
    const upTo = Math.max(below, Math.round(each));
    const count = upTo - below;
    below = upTo;
    return count;
  });
}

function boundOf(le: string): number {
  const bound = le === '+Inf' ? Infinity : Number(le);
  if (le === '' || Number.isNaN(bound)) {
    throw new PrometheusError(
      'nonsense',
      `A series of scores has the label le="${le}"; the upper bound of a bucket is expected`,
    );
  }
  return bound;
}
