import quantile from '@stdlib/stats-base-dists-normal-quantile';
import cdf from '@stdlib/stats-base-dists-normal-cdf';
import { InvalidSampleError } from './errors';

/**
 * The standard normal quantile that leaves half of `1 - level` above it: 1.96 for 0.95.
 * @throws InvalidSampleError unless `level` lies strictly between 0 and 1.
 */
export function twoSidedQuantile(level: number): number {
  assertLevel(level);
  return quantile(1 - (1 - level) / 2, 0, 1);
}

/** The standard normal quantile that leaves `1 - probability` above it: 1.64 for 0.95. */
export function oneSidedQuantile(probability: number): number {
  return quantile(probability, 0, 1);
}

/** @throws InvalidSampleError unless `level` lies strictly between 0 and 1. */
export function assertLevel(level: number) {
  if (!(level > 0 && level < 1)) {
    throw new InvalidSampleError(
      `The confidence level must lie between 0 and 1, such as 0.95; it is ${level}`,
    );
  }
}

/** Probability that a standard normal variable exceeds `z`, exact far into the tail. */
export function upperTail(z: number): number {
  return cdf(-z, 0, 1);
}
