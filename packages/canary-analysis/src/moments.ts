import { InvalidSampleError } from './errors';

/**
 * What a mean and its uncertainty are worked out from.
 * @public
 */
export interface Moments {
  /** Values; a whole number from 0. */
  samples: number;
  mean: number;
  /** Unbiased variance (divided by `samples - 1`), in the square of the values' unit; 0 for fewer than two values. */
  variance: number;
}

/**
 * Number, mean and unbiased variance of values, by Welford's one-pass recurrence, which does not lose digits when the
 * mean is large against the spread.
 *
 * Source: B. P. Welford, Note on a method for calculating corrected sums of squares and products, Technometrics 4 (1962)
 * 419-420.
 * @throws InvalidSampleError for a value that is not finite, or values so large that their variance is not.
 * @public
 */
export function momentsOf(values: ArrayLike<number>): Moments {
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      throw new InvalidSampleError(
        `Every value must be a finite number; value ${i} is ${value}`,
      );
    }
    const away = value - mean;
    mean += away / (i + 1);
    squares += away * (value - mean);
  }
  const samples = values.length;
  const moments = {
    samples,
    mean,
    variance: samples > 1 ? squares / (samples - 1) : 0,
  };
  assertMoments(moments);
  return moments;
}

/** @throws InvalidSampleError for moments that no values have. */
export function assertMoments({ samples, mean, variance }: Moments) {
  if (
    !Number.isSafeInteger(samples) ||
    samples < 0 ||
    !Number.isFinite(mean) ||
    !Number.isFinite(variance) ||
    variance < 0
  ) {
    throw new InvalidSampleError(
      `Moments need a whole number of samples, a finite mean and a finite variance from 0; they are ${samples}, ${mean} and ${variance}`,
    );
  }
}
