import {
  Bucket,
  countOf,
  quantileOfBuckets,
  resolutionOf,
  toBuckets,
  toLatencies,
} from './histogram';

const bucketsOf = (cumulative: Record<string, number>) =>
  toBuckets(new Map(Object.entries(cumulative)), 1000);

/** Counts latencies as the client library of a model server would. */
function observe(latencies: number[], bounds: number[]): Bucket[] {
  return bucketsOf(
    Object.fromEntries(
      [...bounds, Infinity].map(bound => [
        bound === Infinity ? '+Inf' : String(bound / 1000),
        latencies.filter(latency => latency <= bound).length,
      ]),
    ),
  );
}

it('takes the buckets apart, in whatever order they come', () => {
  expect(bucketsOf({ '+Inf': 10, '0.1': 7, '0.05': 4 })).toEqual([
    { low: 0, high: 50, count: 4 },
    { low: 50, high: 100, count: 3 },
    { low: 100, high: Infinity, count: 3 },
  ]);
});

it('gives as many latencies as there were observations, each in the bucket it fell in', () => {
  const buckets = bucketsOf({ '0.05': 40, '0.1': 100, '+Inf': 101 });
  const latencies = toLatencies(buckets);
  expect(latencies).toHaveLength(101);
  expect(observe(latencies, [50, 100]).map(({ count }) => count)).toEqual([
    // What lies beyond the last bound is put on it
    40, 61, 0,
  ]);
});

it('gives 5,000 latencies of a million in the same proportions', () => {
  const buckets = bucketsOf({ '0.05': 250_000, '+Inf': 1_000_000 });
  const latencies = toLatencies(buckets);
  expect(latencies).toHaveLength(5_000);
  expect(latencies.filter(latency => latency < 50)).toHaveLength(1_250);
});

it('finds the quantiles that histogram_quantile finds', () => {
  const buckets = bucketsOf({ '0.1': 10, '0.2': 30, '+Inf': 40 });
  expect(quantileOfBuckets(buckets, 0.5)).toBe(150);
  expect(quantileOfBuckets(buckets, 0.125)).toBe(50);
  expect(quantileOfBuckets(buckets, 0.95)).toBe(200);
  expect(quantileOfBuckets([], 0.5)).toBeUndefined();
});

it('says how exact the latencies are, by the buckets that matter', () => {
  const typical = { '0.05': 0, '0.06': 50, '0.1': 98, '+Inf': 100 };
  expect(resolutionOf(bucketsOf(typical))).toBe(40);
  expect(resolutionOf(bucketsOf({ '0.05': 90, '+Inf': 100 }))).toBe(Infinity);
  expect(resolutionOf([])).toBe(0);
});

it('never moves a latency further than the resolution', () => {
  const real = Array.from({ length: 400 }, (_, i) => 3 + ((i * 37) % 390) / 2);
  const buckets = observe(real, [25, 50, 75, 100, 150, 200]);
  const found = toLatencies(buckets);
  const sorted = [...real].sort((a, b) => a - b);
  sorted.forEach((latency, i) =>
    expect(Math.abs(found[i] - latency)).toBeLessThanOrEqual(
      resolutionOf(buckets),
    ),
  );
  expect(countOf(buckets)).toBe(400);
});

it('refuses what is no classic histogram', () => {
  expect(() => bucketsOf({ '0.1': 3 })).toThrow('no bucket with le="+Inf"');
  expect(() => bucketsOf({ '': 3, '+Inf': 3 })).toThrow('has the label le=""');
});
