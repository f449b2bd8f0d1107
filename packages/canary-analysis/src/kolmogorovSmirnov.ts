import { InvalidSampleError } from './errors';
import { sorted } from './quantile';

/**
 * Outcome of the two-sample Kolmogorov-Smirnov test.
 * @public
 */
export interface KolmogorovSmirnovResult {
  /** Largest distance between the two empirical distribution functions, 0 to 1. */
  statistic: number;
  /** Two-sided probability of a distance at least as large when both come from one continuous distribution. */
  pValue: number;
  /** Whether the probability is exact or the limit for many values. */
  method: 'exact' | 'asymptotic';
}

/** Products of the two sizes up to which the exact probability is worked out: some 50 ms. */
const MOST_EXACT = 10_000_000;

/**
 * Two-sided Kolmogorov-Smirnov test of whether two samples come from one distribution, whatever it is: it sees a shift, a
 * spread and a change of shape alike.
 *
 * The probability is exact up to 10 million pairs (SciPy's `ks_2samp(method='exact')`), found by counting the
 * interleavings of both samples that come as far apart; beyond, Kolmogorov's limit with Stephens' correction for finite
 * sizes. With ties both are conservative: the true probability is smaller. Time O(n m) or O(N log N), memory O(N).
 * Source: J. L. Hodges, The significance probability of the Smirnov two-sample test, Arkiv för Matematik 3 (1958) 469-486;
 * M. A. Stephens, Use of the Kolmogorov-Smirnov, Cramér-von Mises and related statistics without extensive tables, Journal
 * of the Royal Statistical Society B 32 (1970) 115-122.
 * @throws InvalidSampleError for an empty side or a value that is not finite.
 * @public
 */
export function kolmogorovSmirnov(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): KolmogorovSmirnovResult {
  const a = sorted(reference);
  const b = sorted(current);
  if (a.length === 0 || b.length === 0) {
    throw new InvalidSampleError(
      'The Kolmogorov-Smirnov test needs at least one value on each side',
    );
  }
  const pairs = a.length * b.length;
  const distance = largestDistance(a, b);
  const isExact = pairs <= MOST_EXACT;
  return {
    statistic: distance / pairs,
    pValue: isExact
      ? exactProbability(a.length, b.length, distance)
      : limitProbability(a.length, b.length, distance / pairs),
    method: isExact ? 'exact' : 'asymptotic',
  };
}

/** The statistic alone, of values that are known to ascend and are there on both sides. */
export function kolmogorovSmirnovDistance(
  reference: Float64Array,
  current: Float64Array,
): number {
  return (
    largestDistance(reference, current) / (reference.length * current.length)
  );
}

/** The statistic times the number of pairs, which is a whole number. */
function largestDistance(a: Float64Array, b: Float64Array): number {
  let i = 0;
  let j = 0;
  let largest = 0;
  while (i < a.length && j < b.length) {
    const value = a[i] < b[j] ? a[i] : b[j];
    while (i < a.length && a[i] === value) i++;
    while (j < b.length && b[j] === value) j++;
    const distance = i * b.length - j * a.length;
    if (distance > largest) largest = distance;
    else if (-distance > largest) largest = -distance;
  }
  return largest;
}

/**
 * The share of the interleavings of n and m values on the way of which both distribution functions are ever at least
 * `distance` apart, by dynamic programming over how many of each have come; all terms are positive, so that tiny
 * probabilities are as exact as large ones.
 */
function exactProbability(n: number, m: number, distance: number): number {
  const reached = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (Math.abs(i * m - j * n) >= distance) {
        reached[j] = 1;
      } else {
        // Of the i + j values so far, the last is one of the first sample with the probability i / (i + j)
        const left = j > 0 ? reached[j - 1] : 0;
        reached[j] = i + j > 0 ? (i * reached[j] + j * left) / (i + j) : 0;
      }
    }
  }
  return reached[m];
}

/** Kolmogorov's limit, `2 Σ (-1)ᵏ⁻¹ exp(-2 k² λ²)`, or its other form where that converges faster. */
function limitProbability(n: number, m: number, statistic: number): number {
  const root = Math.sqrt((n / (n + m)) * m);
  const lambda = statistic * (root + 0.12 + 0.11 / root);
  if (lambda < 0.2) {
    return 1;
  }
  let sum = 0;
  if (lambda < 1) {
    for (let k = 1; k <= 7; k += 2) {
      sum += Math.exp(-((k * Math.PI) ** 2) / (8 * lambda ** 2));
    }
    return Math.max(0, 1 - (Math.sqrt(2 * Math.PI) / lambda) * sum);
  }
  for (let k = 1; k <= 6; k++) {
    sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * (k * lambda) ** 2);
  }
  return Math.min(1, 2 * sum);
}
