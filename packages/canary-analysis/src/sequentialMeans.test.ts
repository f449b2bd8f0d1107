import fc from 'fast-check';
import { InvalidSampleError, momentsOf, sequentialMeans } from './index';

const moments = fc.record({
  samples: fc.integer({ min: 30, max: 1e6 }),
  mean: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  variance: fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
});
const mixtureVariance = fc.double({ min: 1e-3, max: 1e3, noNaN: true });

describe('sequentialMeans', () => {
  it('holds its estimate, and turns around with its sides', () => {
    fc.assert(
      fc.property(moments, moments, mixtureVariance, (a, b, mixture) => {
        const there = sequentialMeans({
          control: a,
          candidate: b,
          mixtureVariance: mixture,
        });
        const back = sequentialMeans({
          control: b,
          candidate: a,
          mixtureVariance: mixture,
        });
        const { estimate, low, high } = there.difference;
        expect(low).toBeLessThan(estimate);
        expect(high).toBeGreaterThan(estimate);
        expect(back.difference.low).toBe(-high);
        expect(back.pValue).toBe(there.pValue);
      }),
    );
  });

  it('rejects a difference exactly when its sequence does not hold it', () => {
    fc.assert(
      fc.property(
        moments,
        moments,
        mixtureVariance,
        fc.double({ min: -50, max: 50, noNaN: true }),
        (control, candidate, mixture, nullDifference) => {
          const { pValue, difference } = sequentialMeans({
            control,
            candidate,
            mixtureVariance: mixture,
            nullDifference,
            level: 0.9,
          });
          const { low, high } = difference;
          fc.pre(Math.abs(nullDifference - low) > 1e-9);
          fc.pre(Math.abs(nullDifference - high) > 1e-9);
          expect(pValue > 0.1).toBe(
            nullDifference > low && nullDifference < high,
          );
        },
      ),
    );
  });

  it('says the same in any unit', () => {
    fc.assert(
      fc.property(
        moments,
        moments,
        mixtureVariance,
        fc.constantFrom(1e-150, 1e-3, 1e3, 1e140),
        (control, candidate, mixture, unit) => {
          const scaled = (side: typeof control) => ({
            samples: side.samples,
            mean: side.mean * unit,
            variance: side.variance * unit * unit,
          });
          const options = { control, candidate, mixtureVariance: mixture };
          const other = {
            control: scaled(control),
            candidate: scaled(candidate),
            mixtureVariance: mixture * unit * unit,
          };
          const there = sequentialMeans(options).pValue;
          expect(sequentialMeans(other).pValue).toBeCloseTo(there, 6);
        },
      ),
    );
  });

  it('says nothing before there is ground to stand on', () => {
    const unbounded = {
      pValue: 1,
      difference: { low: -Infinity, high: Infinity },
    };
    const control = { samples: 1000, mean: 0, variance: 1 };
    const far = { samples: 29, mean: 100, variance: 1 };
    const judge = (candidate: typeof control) =>
      sequentialMeans({ control, candidate, mixtureVariance: 1 });
    expect(judge(far)).toMatchObject(unbounded);
    expect(judge({ ...far, samples: 30 }).pValue).toBeLessThan(1e-9);
    // It has not varied at all
    expect(judge({ ...far, samples: 500, variance: 0 })).toMatchObject(
      unbounded,
    );
  });

  it('refuses what cannot be', () => {
    const side = { samples: 40, mean: 1, variance: 1 };
    const judge = (wrong: object) => () =>
      sequentialMeans({
        control: side,
        candidate: side,
        mixtureVariance: 1,
        ...wrong,
      });
    expect(judge({ control: { ...side, variance: -1 } })).toThrow(
      'Moments need a whole number of samples',
    );
    expect(judge({ candidate: { ...side, samples: 0 } })).toThrow(
      'at least one sample on each side',
    );
    expect(judge({ mixtureVariance: 0 })).toThrow(
      'mixtureVariance must be a finite number above 0; it is 0',
    );
    expect(judge({ nullDifference: NaN })).toThrow(InvalidSampleError);
    expect(judge({ level: 1 })).toThrow('The confidence level');
  });
});

describe('momentsOf', () => {
  it('knows nothing of no value, and no variance of one', () => {
    expect(momentsOf([])).toEqual({ samples: 0, mean: 0, variance: 0 });
    expect(momentsOf([7])).toEqual({ samples: 1, mean: 7, variance: 0 });
  });

  it('refuses what is not finite, or not in its squares', () => {
    expect(() => momentsOf([1, Infinity])).toThrow('value 1 is Infinity');
    expect(() => momentsOf([-1e300, 1e300])).toThrow(InvalidSampleError);
  });
});
