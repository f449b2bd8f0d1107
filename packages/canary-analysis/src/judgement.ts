import { InvalidSampleError } from './errors';
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
 * - `straddles-margin`: the interval holds both acceptable and unacceptable differences.
 * @public
 */
export type JudgementReason =
  | 'within-margin'
  | 'beyond-margin'
  | 'too-few-samples'
  | 'no-signal'
  | 'constant-series'
  | 'straddles-margin';

/**
 * One side of a comparison.
 * @public
 */
export interface JudgedSide {
  /** Share from 0 to 1 for proportions, p95 in the unit of the values for distributions; null without samples. */
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
   * points, 20 is 20 ms. Between it and twice it lies the zone of indifference, see {@link judgeProportion}.
   */
  margin: number;
  /** Samples that each side must have, a whole number from 1. */
  minimumSamples: number;
  /** Two-sided confidence level, 0.95 unless told. */
  level?: number;
}

/** Confidence level when none is told. */
export const DEFAULT_LEVEL = 0.95;

/** How far beyond the margin the interval may reach when nothing speaks of harm, as a multiple of the margin. */
export const INDIFFERENCE = 2;

/** How large the estimate may be in that case, as a multiple of the margin. */
const UNSUSPICIOUS = 0.5;

/** @throws InvalidSampleError when the margin or the minimum cannot be. */
export function assertJudgeOptions({ margin, minimumSamples }: JudgeOptions) {
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
}

/** Verdict on a difference of which more is worse, once there are enough samples. */
export function judgeDifference(
  { estimate, low, high }: Interval,
  margin: number,
): Pick<Judgement, 'verdict' | 'reason'> {
  if (low > 0 && estimate > margin) {
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
