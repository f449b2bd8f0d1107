import fc from 'fast-check';
import {
  bootstrapInterval,
  bootstrapOverlap,
  InvalidSampleError,
  intervalsOverlap,
  kolmogorovSmirnov,
  populationStability,
  seededRandom,
  stabilityOfCounts,
} from './index';

// Whole numbers, so that ties occur and shifts are exact
const series = fc.array(fc.integer({ min: -50, max: 50 }), {
  minLength: 1,
  maxLength: 60,
});
const bins = fc.integer({ min: 2, max: 20 });

describe('Kolmogorov-Smirnov', () => {
  it('gives the largest distance of the two distribution functions, and a probability', () => {
    fc.assert(
      fc.property(series, series, (a, b) => {
        const below = (values: number[], at: number) =>
          values.filter(value => value <= at).length / values.length;
        const largest = Math.max(
          ...[...a, ...b].map(at => Math.abs(below(a, at) - below(b, at))),
        );
        const { statistic, pValue } = kolmogorovSmirnov(a, b);
        expect(statistic).toBeCloseTo(largest, 12);
        expect(pValue).toBeGreaterThan(0);
        expect(pValue).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('does not care for order, sides, nor a stretch of the scale', () => {
    fc.assert(
      fc.property(series, series, (a, b) => {
        const there = kolmogorovSmirnov(a, b);
        const back = kolmogorovSmirnov(
          [...b].reverse().map(value => value ** 3),
          a.map(value => value ** 3),
        );
        expect(back.statistic).toBeCloseTo(there.statistic, 12);
        expect(back.pValue).toBeCloseTo(there.pValue, 12);
      }),
    );
  });

  it('finds nothing between a sample and itself, and all between samples apart', () => {
    fc.assert(
      fc.property(series, values => {
        expect(kolmogorovSmirnov(values, values)).toMatchObject({
          statistic: 0,
          pValue: 1,
        });
        const apart = values.map(value => value + 1000);
        expect(kolmogorovSmirnov(values, apart).statistic).toBe(1);
      }),
    );
  });

  it('refuses an empty side and what is no number', () => {
    expect(() => kolmogorovSmirnov([], [1])).toThrow(InvalidSampleError);
    expect(() => kolmogorovSmirnov([1], [NaN])).toThrow(
      'Every value must be a finite number; value 0 is NaN',
    );
  });
});

describe('population stability index', () => {
  it('counts every value once, in bins without a gap', () => {
    fc.assert(
      fc.property(series, series, bins, (reference, current, number) => {
        const found = populationStability(reference, current, { bins: number });
        const sum = (side: 'reference' | 'current') =>
          found.bins.reduce((total, bin) => total + bin[side], 0);
        expect(sum('reference')).toBe(reference.length);
        expect(sum('current')).toBe(current.length);
        expect(found.bins[0].low).toBe(-Infinity);
        expect(found.bins.at(-1)!.high).toBe(Infinity);
        found.bins.slice(1).forEach((bin, i) => {
          expect(bin.low).toBe(found.bins[i].high);
        });
      }),
    );
  });

  it('is never negative, nothing for the same data, and the same from both sides', () => {
    const counts = fc
      .integer({ min: 2, max: 12 })
      .chain(length =>
        fc.tuple(
          ...[0, 1].map(() =>
            fc
              .array(fc.nat(1000), { minLength: length, maxLength: length })
              .filter(each => each.some(count => count > 0)),
          ),
        ),
      );
    fc.assert(
      fc.property(counts, ([a, b]) => {
        const there = stabilityOfCounts(a, b);
        expect(there.index).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(there.index)).toBe(true);
        expect(stabilityOfCounts(b, a).index).toBeCloseTo(there.index, 12);
        expect(stabilityOfCounts(a, a).index).toBe(0);
      }),
    );
  });

  it('does not care for the unit', () => {
    fc.assert(
      fc.property(series, series, (reference, current) => {
        // By a power of two, so that no quantile is rounded differently
        const stretched = (values: number[]) => values.map(value => value * 8);
        expect(
          populationStability(stretched(reference), stretched(current)).index,
        ).toBe(populationStability(reference, current).index);
      }),
    );
  });

  it('sees a move away from a value that nearly all of the reference have', () => {
    const mostlyZero = Array.from({ length: 1000 }, (_, i) =>
      i < 950 ? 0 : i / 100,
    );
    const moved = mostlyZero.map(value => value + 0.01);
    expect(populationStability(mostlyZero, mostlyZero).index).toBe(0);
    expect(populationStability(mostlyZero, moved).index).toBeGreaterThan(1);
    const constant = new Array(500).fill(7);
    expect(
      populationStability(constant, constant.concat([6, 8])).bins,
    ).toMatchObject([
      { low: -Infinity, high: 7, reference: 0, current: 1 },
      { low: 7, high: 7, reference: 500, current: 500 },
      { low: 7, high: Infinity, reference: 0, current: 1 },
    ]);
  });

  it('is on average what it says that chance makes of it', () => {
    const random = seededRandom(7);
    const draw = () => Array.from({ length: 300 }, random);
    let sum = 0;
    let expected = 0;
    for (let i = 0; i < 400; i++) {
      const { index, expectedByChance } = populationStability(draw(), draw());
      sum += index;
      expected = expectedByChance;
    }
    expect(expected).toBeCloseTo(0.06, 12);
    expect(sum / 400 / expected).toBeGreaterThan(0.93);
    expect(sum / 400 / expected).toBeLessThan(1.07);
  });

  it('refuses counts and bins that cannot be', () => {
    expect(() => populationStability([1], [1], { bins: 1 })).toThrow(
      'bins must be a whole number from 2 to 1,000; it is 1',
    );
    expect(() => populationStability([], [1])).toThrow(InvalidSampleError);
    expect(() => stabilityOfCounts([1, 2], [1])).toThrow(
      'as many on both sides; there are 2 and 1',
    );
    expect(() => stabilityOfCounts([0, 0], [1, 1])).toThrow(
      'must add up to at least one',
    );
    expect(() => stabilityOfCounts([1, -1], [1, 1])).toThrow(
      'Every count must be a whole number from 0; count 1 is -1',
    );
  });
});

describe('bootstrap', () => {
  const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  const resamples = 100;

  it('stays within the values, is the same for the same seed, and is wider the surer', () => {
    fc.assert(
      fc.property(series, seed, (values, from) => {
        const at = (level: number) =>
          bootstrapInterval(values, {
            random: seededRandom(from),
            resamples,
            level,
          });
        const interval = at(0.95);
        expect(at(0.95)).toEqual(interval);
        expect(interval.low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(interval.high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
        const narrow = at(0.8);
        expect(narrow.low).toBeGreaterThanOrEqual(interval.low);
        expect(narrow.high).toBeLessThanOrEqual(interval.high);
      }),
      { numRuns: 50 },
    );
  });

  it('lets a sample overlap with itself, and not with one far away', () => {
    fc.assert(
      fc.property(series, seed, (values, from) => {
        const overlap = (candidate: number[]) =>
          bootstrapOverlap(values, candidate, {
            random: seededRandom(from),
            resamples,
          }).overlap;
        expect(overlap(values)).toBe(true);
        expect(overlap(values.map(value => value + 1000))).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('holds a mean about as often as it says', () => {
    const random = seededRandom(11);
    let held = 0;
    for (let i = 0; i < 500; i++) {
      const values = Array.from({ length: 50 }, random);
      const { low, high } = bootstrapInterval(values, {
        random,
        resamples: 400,
      });
      held += low <= 0.5 && high >= 0.5 ? 1 : 0;
    }
    expect(held / 500).toBeGreaterThan(0.91);
    expect(held / 500).toBeLessThan(0.98);
  });

  it('refuses what cannot be', () => {
    const random = seededRandom(1);
    expect(() => bootstrapInterval([], { random })).toThrow(InvalidSampleError);
    expect(() => bootstrapInterval([1], { random, resamples: 10 })).toThrow(
      'resamples must be a whole number from 100 to 1,000,000; it is 10',
    );
    expect(() =>
      bootstrapInterval([1, 2], { random, statistic: () => NaN }),
    ).toThrow(InvalidSampleError);
    expect(() => seededRandom(-1)).toThrow(
      'A seed must be a whole number from 0 to 4294967295; it is -1',
    );
  });
});

describe('intervals', () => {
  const interval = fc
    .tuple(fc.integer({ max: 20, min: 0 }), fc.integer({ max: 20, min: 0 }))
    .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }));

  it('overlap from both sides alike, exactly when some point is in both', () => {
    fc.assert(
      fc.property(interval, interval, (a, b) => {
        const common = Array.from({ length: 21 }, (_, i) => i).some(
          at => at >= a.low && at <= a.high && at >= b.low && at <= b.high,
        );
        expect(intervalsOverlap(a, b)).toBe(common);
        expect(intervalsOverlap(b, a)).toBe(common);
      }),
    );
  });

  it('do not overlap when an end is not a number', () => {
    expect(intervalsOverlap({ low: NaN, high: 1 }, { low: 0, high: 1 })).toBe(
      false,
    );
  });
});
