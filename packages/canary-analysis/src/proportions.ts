import { InvalidSampleError } from './errors';
import { twoSidedQuantile } from './normal';
import { Interval } from './types';

/**
 * How many of a number of samples had the property that is looked at, such as answering with an error.
 * @public
 */
export interface Proportion {
  /** Samples with the property; a whole number from 0 to `samples`. */
  count: number;
  /** All samples; a whole number from 0. */
  samples: number;
}

/**
 * Wilson's score interval for one proportion, without continuity correction.
 *
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212.
 * Without samples it is the whole of 0 to 1, with the estimate 0.5.
 * @param level - confidence level, 0.95 unless told
 * @throws InvalidSampleError for counts that cannot be.
 * @public
 */
export function wilsonInterval(
  proportion: Proportion,
  level: number = 0.95,
): Interval {
  assertProportion(proportion);
  const { count, samples: n } = proportion;
  const z = twoSidedQuantile(level);
  if (n === 0) {
    return { estimate: 0.5, low: 0, high: 1, level };
  }
  const p = count / n;
  const centre = 2 * count + z * z;
  const spread = z * Math.sqrt(z * z + 4 * count * (1 - p));
  const width = 2 * (n + z * z);
  return {
    estimate: p,
    // At the ends the formula is exact, but its rounding is not
    low: count === 0 ? 0 : (centre - spread) / width,
    high: count === n ? 1 : (centre + spread) / width,
    level,
  };
}

/**
 * Difference of two independent proportions, candidate minus control, with Newcombe's hybrid score interval.
 *
 * Unlike the textbook interval it keeps its coverage for small samples and proportions near 0, and has a width
 * when neither side saw a failure.
 * Source: R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven
 * methods, Statistics in Medicine 17 (1998) 873-890, method 10.
 * @param level - confidence level, 0.95 unless told
 * @throws InvalidSampleError for counts that cannot be, or a side without samples.
 * @public
 */
export function differenceOfProportions(
  control: Proportion,
  candidate: Proportion,
  level: number = 0.95,
): Interval {
  const a = wilsonInterval(candidate, level);
  const b = wilsonInterval(control, level);
  if (control.samples === 0 || candidate.samples === 0) {
    throw new InvalidSampleError(
      'A difference of proportions needs at least one sample on each side',
    );
  }
  const estimate = a.estimate - b.estimate;
  return {
    estimate,
    low: estimate - Math.hypot(a.estimate - a.low, b.high - b.estimate),
    high: estimate + Math.hypot(a.high - a.estimate, b.estimate - b.low),
    level,
  };
}

/** @throws InvalidSampleError for counts that cannot be. */
export function assertProportion({ count, samples }: Proportion) {
  if (
    !Number.isSafeInteger(count) ||
    !Number.isSafeInteger(samples) ||
    count < 0 ||
    count > samples
  ) {
    throw new InvalidSampleError(
      `A proportion needs whole numbers with 0 <= count <= samples; it has count ${count} of ${samples}`,
    );
  }
}
