import { InvalidSampleError } from './errors';
import { assertMoments, Moments } from './moments';
import { assertLevel } from './normal';
import { SequentialTest } from './types';

/** Samples a side below which an estimated variance is no ground to stand on. */
const BURN_IN = 30;

/**
 * Mixture sequential probability ratio test for the difference of two means, candidate minus control: it may be asked
 * after every sample, and stopped whenever one likes.
 *
 * The difference is mixed over a normal distribution around `nullDifference` with the variance `mixtureVariance`. With
 * `V`, the estimated variance of the difference of means, and `τ²`, the mixture's, the ratio is
 * `√(V / (V + τ²)) · exp(τ² d² / (2 V (V + τ²)))`. Any `mixtureVariance` keeps the error rates; it decides how soon which
 * differences are found. The square of the smallest difference that matters is a good choice: 400 ms² for 20 ms. Ten times
 * more or less costs little.
 *
 * The guarantee is asymptotic, since the variances are estimated: below 30 samples a side, and while a side has not
 * varied at all, nothing is rejected, and the sequence is unbounded. Values with a heavy tail need more; the README has
 * simulations. For proportions use {@link sequentialProportions}, which needs no such thing.
 *
 * Give the moments since the beginning, see {@link momentsOf}, never those since the last look.
 * Source: R. Johari, P. Koomen, L. Pekelis and D. Walsh, Always valid inference: continuous monitoring of A/B tests,
 * Operations Research 70 (2022) 1806-1821; with estimated variances I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy
 * and A. Ramdas, Time-uniform central limit theory and asymptotic confidence sequences, Annals of Statistics 52 (2024).
 * @param options - `mixtureVariance` above 0, in the square of the values' unit; `nullDifference` in their unit, 0 unless
 * told; `level` of the confidence sequence, 0.95 unless told
 * @throws InvalidSampleError for moments, a variance, a difference or a level that cannot be, or a side without samples.
 * @public
 */
export function sequentialMeans(options: {
  control: Moments;
  candidate: Moments;
  mixtureVariance: number;
  nullDifference?: number;
  level?: number;
}): SequentialTest {
  const { control, candidate, mixtureVariance, level = 0.95 } = options;
  const nullDifference = options.nullDifference ?? 0;
  assertOptions(options);
  assertLevel(level);
  const estimate = candidate.mean - control.mean;
  const variance =
    candidate.variance / candidate.samples + control.variance / control.samples;
  const isReady =
    Math.min(control.samples, candidate.samples) >= BURN_IN &&
    Math.min(control.variance, candidate.variance) > 0;
  // Divided by the mixture's variance, so that no unit makes numbers that are too large or too small
  const share = variance / mixtureVariance;
  if (!isReady || !(share > 0 && Number.isFinite(share))) {
    return {
      pValue: 1,
      difference: { estimate, low: -Infinity, high: Infinity, level },
    };
  }
  const growth = Math.log1p(share) - Math.log(share);
  const distance = (estimate - nullDifference) / Math.sqrt(variance);
  const logRatio = distance ** 2 / (2 * (1 + share)) - growth / 2;
  const width = Math.sqrt(
    variance * (1 + share) * (growth - 2 * Math.log1p(-level)),
  );
  return {
    pValue: Math.min(1, Math.exp(-logRatio)),
    difference: {
      estimate,
      low: estimate - width,
      high: estimate + width,
      level,
    },
  };
}

function assertOptions(options: {
  control: Moments;
  candidate: Moments;
  mixtureVariance: number;
  nullDifference?: number;
}) {
  const { control, candidate, mixtureVariance, nullDifference = 0 } = options;
  [control, candidate].forEach(assertMoments);
  if (control.samples === 0 || candidate.samples === 0) {
    throw new InvalidSampleError(
      'A sequential test of means needs at least one sample on each side',
    );
  }
  if (!(mixtureVariance > 0 && Number.isFinite(mixtureVariance))) {
    throw new InvalidSampleError(
      `mixtureVariance must be a finite number above 0; it is ${mixtureVariance}`,
    );
  }
  if (!Number.isFinite(candidate.mean - control.mean - nullDifference)) {
    throw new InvalidSampleError(
      `The difference of the means less nullDifference must be a finite number; nullDifference is ${nullDifference}`,
    );
  }
}
