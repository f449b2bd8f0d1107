import { InvalidSampleError } from './errors';
import { twoSidedQuantile } from './normal';
import { sorted } from './quantile';
import { Interval } from './types';

/**
 * Hodges-Lehmann estimate of how far the candidate's values are shifted against the control's, with Moses' confidence
 * interval from the Mann-Whitney distribution.
 *
 * The estimate is the median of all pairwise differences candidate minus control; the ends of the interval are order
 * statistics of them, chosen by the normal approximation and rounded outwards. Nothing is subsampled: the order
 * statistics are exact for any size, found by counting in O(n + m) per step of a bisection, with O(n + m) memory. With
 * 5,000 values a side, the most that a metrics source gives, that is some 10 ms.
 *
 * The interval assumes that the two distributions differ by a shift alone; with ties it is conservative. Below about
 * four values a side no interval has the level asked for, and its ends are infinite.
 * Source: J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 34 (1963) 598-611; M. Hollander and
 * D. A. Wolfe, Nonparametric Statistical Methods, 2nd edition (1999), sections 4.2 and 4.3.
 * @param level - confidence level, 0.95 unless told
 * @throws InvalidSampleError for an empty side or a value that is not finite.
 * @public
 */
export function hodgesLehmannShift(
  control: ArrayLike<number>,
  candidate: ArrayLike<number>,
  level: number = 0.95,
): Interval {
  return hodgesLehmannOfSorted(sorted(control), sorted(candidate), level);
}

/** The same for values that are known to ascend. */
export function hodgesLehmannOfSorted(
  control: Float64Array,
  candidate: Float64Array,
  level: number,
): Interval {
  const n = candidate.length;
  const m = control.length;
  const z = twoSidedQuantile(level);
  if (n === 0 || m === 0) {
    throw new InvalidSampleError(
      'The Hodges-Lehmann shift needs at least one value on each side',
    );
  }
  const pairs = n * m;
  const estimate =
    pairs % 2 === 1
      ? nthDifference(control, candidate, (pairs + 1) / 2)
      : (nthDifference(control, candidate, pairs / 2) +
          nthDifference(control, candidate, pairs / 2 + 1)) /
        2;
  const rank = Math.floor(
    pairs / 2 - z * Math.sqrt((pairs * (n + m + 1)) / 12),
  );
  return {
    estimate,
    low: rank < 1 ? -Infinity : nthDifference(control, candidate, rank),
    high:
      rank < 1 ? Infinity : nthDifference(control, candidate, pairs + 1 - rank),
    level,
  };
}

/**
 * The `rank`-th smallest (from 1) of all differences candidate minus control.
 *
 * Rounding keeps the order of differences, so counting those up to a bound is a walk along two sorted arrays, and
 * bisection over the bound ends at the very difference that is looked for.
 */
function nthDifference(
  control: Float64Array,
  candidate: Float64Array,
  rank: number,
): number {
  let high = candidate[candidate.length - 1] - control[0];
  let low = candidate[0] - control[control.length - 1];
  if (countUpTo(control, candidate, low) >= rank) {
    return low;
  }
  for (;;) {
    const middle = low + (high - low) / 2;
    // Neighbouring numbers, or a span too wide for a number
    if (!(middle > low && middle < high)) {
      return high;
    }
    if (countUpTo(control, candidate, middle) >= rank) {
      high = middle;
    } else {
      low = middle;
    }
  }
}

function countUpTo(
  control: Float64Array,
  candidate: Float64Array,
  bound: number,
): number {
  let count = 0;
  let from = 0;
  for (let i = 0; i < candidate.length; i++) {
    // As the candidate's value grows, ever more of the control's smallest values are too far below it
    while (from < control.length && candidate[i] - control[from] > bound) {
      from++;
    }
    count += control.length - from;
  }
  return count;
}
