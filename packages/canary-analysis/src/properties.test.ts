import fc from 'fast-check';
import {
  differenceOfProportions,
  hodgesLehmannShift,
  judgeDistribution,
  judgeProportion,
  mannWhitneyU,
  quantile,
} from './index';

const proportion = fc.integer({ min: 1, max: 5000 }).chain(samples =>
  fc.record({
    samples: fc.constant(samples),
    count: fc.integer({ min: 0, max: samples }),
  }),
);
// Whole numbers, so that ties occur and shifts are exact
const series = fc.array(fc.integer({ min: -50, max: 1000 }), {
  minLength: 1,
  maxLength: 60,
});

describe('difference of proportions', () => {
  it('holds its estimate, stays within -1 and 1, and turns around with its sides', () => {
    fc.assert(
      fc.property(proportion, proportion, (a, b) => {
        const there = differenceOfProportions(a, b);
        const back = differenceOfProportions(b, a);
        expect(there.low).toBeLessThanOrEqual(there.estimate);
        expect(there.high).toBeGreaterThanOrEqual(there.estimate);
        expect(there.low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(there.high).toBeLessThanOrEqual(1 + 1e-12);
        expect(back.low).toBeCloseTo(-there.high, 12);
      }),
    );
  });

  it('is wider the surer one wants to be', () => {
    fc.assert(
      fc.property(proportion, proportion, (a, b) => {
        const low = differenceOfProportions(a, b, 0.8);
        const high = differenceOfProportions(a, b, 0.99);
        expect(high.low).toBeLessThanOrEqual(low.low);
        expect(high.high).toBeGreaterThanOrEqual(low.high);
      }),
    );
  });
});

describe('Hodges-Lehmann and Mann-Whitney', () => {
  it('give the middle and the order statistics of all pairwise differences', () => {
    fc.assert(
      fc.property(series, series, (control, candidate) => {
        const differences = candidate
          .flatMap(x => control.map(y => x - y))
          .sort((a, b) => a - b);
        const shift = hodgesLehmannShift(control, candidate);
        expect(shift.estimate).toBe(quantile(differences, 0.5));
        expect([-Infinity, ...differences]).toContain(shift.low);
        expect([...differences, Infinity]).toContain(shift.high);
        expect(shift.low).toBeLessThanOrEqual(shift.estimate);
        expect(shift.high).toBeGreaterThanOrEqual(shift.estimate);
        const larger = differences.filter(d => d > 0).length;
        const ties = differences.filter(d => d === 0).length;
        expect(mannWhitneyU(control, candidate).u).toBe(larger + ties / 2);
      }),
    );
  });

  it('find them exactly however far apart the values lie', () => {
    const value = fc.oneof(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.integer({ min: 0, max: 2 }),
      fc.double({ min: -1e150, max: 1e150, noNaN: true }),
      fc.constantFrom(-1e300, 1e300, -Number.MAX_VALUE, Number.MAX_VALUE),
    );
    const many = fc.array(value, { minLength: 30, maxLength: 120 });
    fc.assert(
      fc.property(many, many, (control, candidate) => {
        const differences = candidate
          .flatMap(x => control.map(y => x - y))
          .sort((a, b) => (a === b ? 0 : a - b));
        const pairs = differences.length;
        const lowest = Math.floor(
          pairs / 2 -
            1.959963984540054 *
              Math.sqrt((pairs * (control.length + candidate.length + 1)) / 12),
        );
        const { low, high } = hodgesLehmannShift(control, candidate);
        expect([low === differences[lowest - 1], low]).toEqual([true, low]);
        expect([high === differences[pairs - lowest], high]).toEqual([
          true,
          high,
        ]);
      }),
    );
  });

  it('follow a shift exactly, and do not care for order', () => {
    fc.assert(
      fc.property(
        series,
        series,
        fc.integer({ min: -500, max: 500 }),
        (control, candidate, by) => {
          const before = hodgesLehmannShift(control, candidate);
          const after = hodgesLehmannShift(
            [...control].reverse(),
            candidate.map(v => v + by),
          );
          expect(after.estimate).toBeCloseTo(before.estimate + by, 9);
          expect(after.low).toBe(before.low + by);
          expect(after.high).toBe(before.high + by);
        },
      ),
    );
  });

  it('copes with fractions and extreme magnitudes', () => {
    const double = fc.double({ min: -1e300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(double, { minLength: 1, maxLength: 12 }),
        fc.array(double, { minLength: 1, maxLength: 12 }),
        (control, candidate) => {
          const differences = Float64Array.from(
            candidate.flatMap(x => control.map(y => x - y)),
          ).sort();
          const shift = hodgesLehmannShift(control, candidate);
          expect([-Infinity, ...differences]).toContain(shift.low);
          expect(shift.estimate).toBeGreaterThanOrEqual(differences[0]);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('judges', () => {
  const options = { margin: 0.02, minimumSamples: 50 };

  it('never conclude from too few samples', () => {
    fc.assert(
      fc.property(proportion, proportion, (control, candidate) => {
        fc.pre(Math.min(control.samples, candidate.samples) < 50);
        expect(
          judgeProportion({ control, candidate, ...options }).verdict,
        ).toBe('inconclusive');
      }),
    );
  });

  it('never fail what is not worse', () => {
    fc.assert(
      fc.property(proportion, proportion, (control, candidate) => {
        fc.pre(
          candidate.count / candidate.samples <=
            control.count / control.samples,
        );
        expect(
          judgeProportion({ control, candidate, ...options }).verdict,
        ).not.toBe('fail');
      }),
    );
  });

  it('never think better of a candidate for one more error', () => {
    const rank = { fail: 0, inconclusive: 1, pass: 2 };
    fc.assert(
      fc.property(proportion, proportion, (control, candidate) => {
        fc.pre(candidate.count < candidate.samples);
        // Where everything fails on both sides there is nothing to conclude
        fc.pre(control.count < control.samples);
        const before = judgeProportion({ control, candidate, ...options });
        const after = judgeProportion({
          control,
          candidate: { ...candidate, count: candidate.count + 1 },
          ...options,
        });
        expect(rank[after.verdict]).toBeLessThanOrEqual(rank[before.verdict]);
      }),
    );
  });

  it('never think better of a candidate for being slower', () => {
    const rank = { fail: 0, inconclusive: 1, pass: 2 };
    fc.assert(
      fc.property(series, series, fc.nat(300), (control, candidate, by) => {
        const rule = { control, margin: 20, minimumSamples: 4 };
        const before = judgeDistribution({ candidate, ...rule });
        const after = judgeDistribution({
          candidate: candidate.map(v => v + by),
          ...rule,
        });
        // A constant series is never passed, but may still be slow enough to fail
        expect(rank[after.verdict]).toBeLessThanOrEqual(rank[before.verdict]);
      }),
    );
  });
});
