import fc from 'fast-check';
import {
  InvalidSampleError,
  sequentialProportions,
  watchProportion,
} from './index';

const proportionUpTo = (most: number) =>
  fc
    .oneof(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 1, max: most }),
    )
    .chain(samples =>
      fc.record({
        samples: fc.constant(samples),
        count: fc.oneof(
          fc.integer({ min: 0, max: Math.min(samples, 5) }),
          fc.integer({ min: 0, max: samples }),
        ),
      }),
    );
const proportion = proportionUpTo(10_000_000);
const errors = (count: number, samples: number) => ({ count, samples });

describe('sequentialProportions', () => {
  it('turns around with its sides', () => {
    fc.assert(
      fc.property(proportion, proportion, (control, candidate) => {
        const there = sequentialProportions({ control, candidate });
        const back = sequentialProportions({
          control: candidate,
          candidate: control,
        });
        expect(back.difference.low).toBeCloseTo(-there.difference.high, 8);
        expect(back.pValue).toBeCloseTo(there.pValue, 6);
      }),
    );
  });

  it('copes with as many samples as a number can count', () => {
    const any = proportionUpTo(Number.MAX_SAFE_INTEGER);
    fc.assert(
      fc.property(any, any, (control, candidate) => {
        const { difference, pValue } = sequentialProportions({
          control,
          candidate,
        });
        const { estimate, low, high } = difference;
        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(estimate);
        expect(high).toBeGreaterThanOrEqual(estimate);
        expect(pValue).toBeGreaterThanOrEqual(0);
        expect(pValue).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('rejects a difference exactly when its sequence does not hold it', () => {
    fc.assert(
      fc.property(
        proportion,
        proportion,
        fc.double({ min: -1, max: 1, noNaN: true }),
        (control, candidate, nullDifference) => {
          const { pValue, difference } = sequentialProportions({
            control,
            candidate,
            nullDifference,
            level: 0.9,
          });
          fc.pre(Math.abs(nullDifference - difference.low) > 1e-7);
          fc.pre(Math.abs(nullDifference - difference.high) > 1e-7);
          expect(pValue > 0.1).toBe(
            nullDifference > difference.low && nullDifference < difference.high,
          );
        },
      ),
    );
  });

  it('refuses what cannot be', () => {
    const control = errors(0, 10);
    expect(() =>
      sequentialProportions({ control, candidate: errors(0, 0) }),
    ).toThrow(InvalidSampleError);
    expect(() =>
      sequentialProportions({ control, candidate: control, nullDifference: 2 }),
    ).toThrow('A difference of proportions lies between -1 and 1');
    expect(() =>
      sequentialProportions({ control, candidate: control, level: 1 }),
    ).toThrow('The confidence level must lie between 0 and 1');
  });
});

describe('watchProportion', () => {
  const watch = (
    control: ReturnType<typeof errors>,
    candidate: ReturnType<typeof errors>,
  ) => watchProportion({ control, candidate, margin: 0.01 });

  it('stops a candidate that only fails as soon as ten answers are there', () => {
    expect(watch(errors(0, 200), errors(9, 9))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'too-few-samples',
    });
    expect(watch(errors(0, 200), errors(10, 10))).toMatchObject({
      verdict: 'fail',
      reason: 'beyond-margin',
      control: { value: 0, samples: 200 },
      candidate: { value: 1, samples: 10 },
    });
  });

  it('lets be what may be chance, and what is worse by less than the margin', () => {
    expect(watch(errors(10, 1000), errors(4, 60)).reason).toBe('undecided');
    expect(watch(errors(0, 1e6), errors(9_000, 1e6)).reason).toBe('undecided');
    expect(watch(errors(0, 1e6), errors(12_000, 1e6)).reason).toBe(
      'beyond-margin',
    );
  });

  it('says nothing without a signal or when everything fails on both sides', () => {
    expect(watch(errors(0, 0), errors(10, 10))).toEqual({
      verdict: 'inconclusive',
      reason: 'no-signal',
      difference: null,
      control: { value: null, samples: 0 },
      candidate: { value: 1, samples: 10 },
    });
    expect(watch(errors(500, 500), errors(100, 100)).verdict).toBe(
      'inconclusive',
    );
  });

  it('never thinks better of a candidate for one more error', () => {
    fc.assert(
      fc.property(proportion, proportion, (control, candidate) => {
        fc.pre(candidate.count < candidate.samples);
        const more = { ...candidate, count: candidate.count + 1 };
        fc.pre(watch(control, candidate).verdict === 'fail');
        expect(watch(control, more).verdict).toBe('fail');
      }),
    );
  });
});
