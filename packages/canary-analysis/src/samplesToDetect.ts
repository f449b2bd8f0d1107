import { InvalidSampleError } from './errors';
import { assertJudgeOptions, failureLevel, INDIFFERENCE } from './judgement';
import { oneSidedQuantile, twoSidedQuantile } from './normal';

/**
 * What has to be found, and how surely.
 * @public
 */
export interface DetectionOptions {
  /** As {@link JudgeOptions} has it. */
  margin: number;
  /**
   * Share (0 to 1) in which the control has the property. Unless told it is twice the margin, so that what has to be
   * found is the smallest doubling that must never pass.
   */
  controlRate?: number;
  /** Share of the candidate. Unless told, the control's and twice the margin. */
  candidateRate?: number;
  /** Probability with which it is failed, 0.95 unless told. */
  power?: number;
  /** As {@link JudgeOptions} has it. */
  level?: number;
  /** As {@link JudgeOptions} has it. */
  judgements?: number;
  /** How many samples the control has for each one of the candidate; 1 unless told, as at half of the traffic. */
  controlPerCandidate?: number;
}

/**
 * The samples of a candidate from which {@link judgeProportion} fails one that is worse by more than the margin with the
 * given probability. A step of a rollout that demands fewer rolls such a version back less often than that; what it does
 * not fail, it leaves to a person.
 *
 * By the normal approximation: with `s² = p₁(1 - p₁) + p₀(1 - p₀) / r`, the larger of `s² (z_power / (p₁ - p₀ - margin))²`,
 * for the estimate to lie beyond the margin, and `s² ((z_level + z_power) / (p₁ - p₀))²`, for the interval to lie above 0.
 * Source: J. L. Fleiss, B. Levin and M. C. Paik, Statistical Methods for Rates and Proportions, 3rd edition (2003),
 * section 4.2; here without assuming equal rates.
 * @returns Infinity when no number of samples suffices, since the difference is not beyond the margin.
 * @throws InvalidSampleError for a margin, rate, power, level, number or ratio that cannot be.
 * @public
 */
export function samplesToDetect(options: DetectionOptions): number {
  const { margin, judgements, power = 0.95, controlPerCandidate = 1 } = options;
  const harm = INDIFFERENCE * margin;
  const {
    controlRate = Math.max(0, Math.min(harm, 1 - harm)),
    candidateRate = Math.min(1, controlRate + harm),
  } = options;
  assertJudgeOptions({ margin, minimumSamples: 1, judgements });
  assertRates({ controlRate, candidateRate, power });
  if (!(controlPerCandidate > 0 && Number.isFinite(controlPerCandidate))) {
    throw new InvalidSampleError(
      `controlPerCandidate must be a finite number above 0; it is ${controlPerCandidate}`,
    );
  }
  const difference = candidateRate - controlRate;
  if (!(difference > margin)) {
    return Infinity;
  }
  const surely = oneSidedQuantile(power);
  const spread =
    candidateRate * (1 - candidateRate) +
    (controlRate * (1 - controlRate)) / controlPerCandidate;
  const distance = Math.max(
    surely / (difference - margin),
    (twoSidedQuantile(failureLevel(options)) + surely) / difference,
  );
  return Math.max(1, Math.ceil(spread * distance ** 2));
}

function assertRates(rates: {
  controlRate: number;
  candidateRate: number;
  power: number;
}) {
  for (const [name, value] of Object.entries(rates)) {
    if (!(value >= 0 && value <= 1)) {
      throw new InvalidSampleError(
        `${name} must lie between 0 and 1; it is ${value}`,
      );
    }
  }
  if (!(rates.power >= 0.5 && rates.power < 1)) {
    throw new InvalidSampleError(
      `power must be at least 0.5 and less than 1; it is ${rates.power}`,
    );
  }
}
