import { InvalidSampleError } from './errors';
import { assertLevel } from './normal';
import { finiteCopy, quantileOfSorted, sorted } from './quantile';
import { RandomSource } from './random';
import { Interval } from './types';

/**
 * How a statistic is bootstrapped.
 * @public
 */
export interface BootstrapOptions {
  /** Where resamples come from, such as {@link seededRandom}; the same numbers give the same interval. */
  random: RandomSource;
  /** The statistic of a resample, such as the mean. Unless told, the mean. It must be finite and keep its argument. */
  statistic?: (values: Float64Array) => number;
  /** Number of resamples, a whole number from 100 to 1,000,000; 2,000 unless told. */
  resamples?: number;
  /** Confidence level, 0.95 unless told. */
  level?: number;
}

/**
 * Percentile bootstrap interval for a statistic of one sample.
 *
 * Resamples are drawn with replacement, in the order in which the values are given; the ends are quantiles (type 7) of
 * their statistics. With few values the interval is too narrow: from about 30 on it holds roughly what its level says
 * for means and proportions. Of a single value, or of values that never vary, nothing can be learned, and the interval
 * has no width.
 * Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
 * @throws InvalidSampleError without values, for a value or a statistic that is not finite, or options that cannot be.
 * @public
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  options: BootstrapOptions,
): Interval {
  const {
    random,
    statistic = meanOf,
    resamples = 2000,
    level = 0.95,
  } = options;
  assertLevel(level);
  if (
    !(Number.isSafeInteger(resamples) && resamples >= 100 && resamples <= 1e6)
  ) {
    throw new InvalidSampleError(
      `resamples must be a whole number from 100 to 1,000,000; it is ${resamples}`,
    );
  }
  const given = finiteCopy(values);
  if (given.length === 0) {
    throw new InvalidSampleError('A bootstrap needs at least one value');
  }
  const resample = new Float64Array(given.length);
  const statistics = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    for (let j = 0; j < given.length; j++) {
      resample[j] = given[Math.floor(random() * given.length)];
    }
    statistics[i] = statistic(resample);
  }
  const ascending = sorted(statistics);
  return {
    estimate: statistic(given),
    low: quantileOfSorted(ascending, (1 - level) / 2)!,
    high: quantileOfSorted(ascending, (1 + level) / 2)!,
    level,
  };
}

function meanOf(values: Float64Array): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) {
    mean += (values[i] - mean) / (i + 1);
  }
  return mean;
}
