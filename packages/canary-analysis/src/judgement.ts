import { InvalidSampleError } from './errors';
import { Proportion } from './proportions';
import { Interval } from './types';

/**
 * Whether a candidate may take more traffic. Only `pass` is a yes; `fail` calls for rolling back, `inconclusive` for a
 * person.
 * @public
 */
export type JudgementVerdict = 'pass' | 'fail' | 'inconclusive';

/**
 * Why a judge came to its verdict.
 *
 * - `within-margin`: pass.
 * - `beyond-margin`: fail.
 * - `too-few-samples`: a side has fewer than the minimum, or too few for an interval.
 * - `no-signal`: a side has no samples at all.
 * - `constant-series`: the data never vary in a way that could tell a good version from a bad one.
 * - `too-coarse`: values of which only their bins are known, and the bins are too wide for the margin.
 * - `straddles-margin`: the interval holds both acceptable and unacceptable differences.
 * @public
 */
export type JudgementReason =
  | 'within-margin'
  | 'beyond-margin'
  | 'too-few-samples'
  | 'no-signal'
  | 'constant-series'
  | 'too-coarse'
  | 'straddles-margin';

/**
 * One side of a comparison.
 * @public
 */
export interface JudgedSide {
  /**
   * Share from 0 to 1 for proportions, p95 in the unit of the values for {@link judgeDistribution}, their median for the judges
   * of what may get worse either way; null without samples.
   */
  value: number | null;
  samples: number;
}

/**
 * What a judge says of a candidate and a control.
 * @public
 */
export interface Judgement {
  verdict: JudgementVerdict;
  reason: JudgementReason;
  /** Candidate minus control, more being worse; always finite. Null when there is nothing to compare. */
  difference: Interval | null;
  control: JudgedSide;
  candidate: JudgedSide;
}

/**
 * What every judge is told beside the data.
 * @public
 */
export interface JudgeOptions {
  /**
   * The largest worsening that its owner accepts, above 0, in the unit of the difference: 0.02 is two percentage
   * points, 20 is 20 ms, 0.1 a tenth of the interquartile range for {@link judgeShift}, a distance or an index of 0.1 for
   * {@link judgeKolmogorovSmirnov} and {@link judgePopulationStability}. Between it and twice it lies the zone of indifference, see {@link judgeProportion}.
   */
  margin: number;
  /** Samples that each side must have, a whole number from 1. */
  minimumSamples: number;
  /** Two-sided confidence level, 0.95 unless told. */
  level?: number;
  /**
   * How many judgements the rollout makes in all, steps times metrics; 1 unless told. From three on a failure has to be
   * surer, so that the whole rollout fails a candidate as good as its control with a probability of at most about
   * `1 - level`, and not each of its judgements anew.
   */
  judgements?: number;
}

/** Confidence level when none is told. */
export const DEFAULT_LEVEL = 0.95;

/** How far beyond the margin the interval may reach when nothing speaks of harm, as a multiple of the margin. */
export const INDIFFERENCE = 2;

/** How large the estimate may be in that case, as a multiple of the margin. */
export const UNSUSPICIOUS = 0.5;

/** @throws InvalidSampleError when the margin, the minimum or the number of judgements cannot be. */
export function assertJudgeOptions({
  margin,
  minimumSamples,
  judgements = 1,
}: JudgeOptions) {
  if (!(margin > 0 && Number.isFinite(margin))) {
    throw new InvalidSampleError(
      `A margin must be a finite number above 0; it is ${margin}`,
    );
  }
  if (!(Number.isSafeInteger(minimumSamples) && minimumSamples >= 1)) {
    throw new InvalidSampleError(
      `minimumSamples must be a whole number from 1; it is ${minimumSamples}`,
    );
  }
  if (!(Number.isSafeInteger(judgements) && judgements >= 1)) {
    throw new InvalidSampleError(
      `judgements must be a whole number from 1; it is ${judgements}`,
    );
  }
}

/**
 * The two-sided level at which a candidate must be worse for one of several judgements to fail it (Bonferroni): each has
 * its share of `1 - level`, all of it on the side of harm.
 */
export function failureLevel({
  level = DEFAULT_LEVEL,
  judgements = 1,
}: Pick<JudgeOptions, 'level' | 'judgements'>): number {
  return Math.max(level, 1 - (2 * (1 - level)) / judgements);
}

/** The same where both directions are harm: no more than `1 - level` of all, on both sides together. */
export function failureLevelEitherWay({
  level = DEFAULT_LEVEL,
  judgements = 1,
}: Pick<JudgeOptions, 'level' | 'judgements'>): number {
  return 1 - (1 - level) / judgements;
}

/** One side of a comparison of proportions. */
export function proportionSide({ count, samples }: Proportion): JudgedSide {
  return { value: samples > 0 ? count / samples : null, samples };
}

/**
 * Verdict on a difference of which more is worse, once there are enough samples.
 * @param surelyWorse - whether the interval at {@link failureLevel} lies above 0
 */
export function judgeDifference(
  { estimate, low, high }: Interval,
  margin: number,
  surelyWorse: boolean,
): Pick<Judgement, 'verdict' | 'reason'> {
  if (surelyWorse && estimate > margin) {
    return { verdict: 'fail', reason: 'beyond-margin' };
  }
  const surelyWithin = high < margin;
  const nothingSpeaksOfHarm =
    low <= 0 &&
    estimate <= margin * UNSUSPICIOUS &&
    high < margin * INDIFFERENCE;
  return surelyWithin || nothingSpeaksOfHarm
    ? { verdict: 'pass', reason: 'within-margin' }
    : { verdict: 'inconclusive', reason: 'straddles-margin' };
}
