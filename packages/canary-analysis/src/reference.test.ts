import reference from './fixtures/scipyReference.json';
import {
  differenceOfProportions,
  hodgesLehmannShift,
  mannWhitneyU,
  quantile,
  wilsonInterval,
} from './index';

describe('agrees with SciPy', () => {
  it.each(reference.wilson)(
    'on the Wilson interval of $count of $samples at $level',
    ({ count, samples, level, low, high }) => {
      const interval = wilsonInterval({ count, samples }, level);
      expect(interval.low).toBeCloseTo(low, 12);
      expect(interval.high).toBeCloseTo(high, 12);
    },
  );

  it.each(reference.differences)(
    'on the difference between $candidate and $control',
    ({ control, candidate, level, estimate, low, high }) => {
      const interval = differenceOfProportions(
        { count: control[0], samples: control[1] },
        { count: candidate[0], samples: candidate[1] },
        level,
      );
      expect(interval.estimate).toBeCloseTo(estimate, 12);
      expect(interval.low).toBeCloseTo(low, 12);
      expect(interval.high).toBeCloseTo(high, 12);
    },
  );

  it.each(reference.distributions)(
    'on Mann-Whitney and quantiles of the series "$name"',
    ({ control, candidate, u, pValue, p95 }) => {
      const result = mannWhitneyU(control, candidate);
      expect(result.u).toBe(u);
      expect(result.pValue).toBeCloseTo(pValue ?? 1, 10);
      expect(quantile(control, 0.95)).toBeCloseTo(p95[0], 10);
      expect(quantile(candidate, 0.95)).toBeCloseTo(p95[1], 10);
    },
  );

  it.each(
    reference.distributions.flatMap(({ shifts, ...series }) =>
      shifts.map(shift => ({ ...series, ...shift })),
    ),
  )(
    'on the Hodges-Lehmann shift of the series "$name" at $level',
    ({ control, candidate, level, estimate, low, high }) => {
      const shift = hodgesLehmannShift(control, candidate, level);
      expect(shift.estimate).toBeCloseTo(estimate, 10);
      expect(shift.low).toBeCloseTo(low ?? -Infinity, 10);
      expect(shift.high).toBeCloseTo(high ?? Infinity, 10);
    },
  );
});

it.each([
  { a: [56, 70], b: [48, 80], low: 0.0524, high: 0.3339 },
  { a: [9, 10], b: [3, 10], low: 0.1705, high: 0.809 },
])(
  'gives the interval that Newcombe printed for $a against $b',
  ({ a, b, low, high }) => {
    const interval = differenceOfProportions(
      { count: b[0], samples: b[1] },
      { count: a[0], samples: a[1] },
    );
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  },
);
