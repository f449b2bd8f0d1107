import {
  assertJudgeOptions,
  DEFAULT_LEVEL,
  failureLevel,
  INDIFFERENCE,
  judgeDifference,
  Judgement,
  JudgeOptions,
  proportionSide,
} from './judgement';
import { twoSidedQuantile } from './normal';
import { differenceOfProportions, Proportion } from './proportions';

/**
 * Judges a proportion of which more is worse, such as errors among requests, by Newcombe's interval for the difference.
 *
 * - **pass** when the whole interval lies below the margin; or when nothing speaks of harm (the interval reaches down to
 *   0, the estimate is at most half the margin) and the interval ends below twice the margin. So the margin is where
 *   harm begins to count and twice the margin what must never pass: a candidate worse by that much or more passes with a
 *   probability of at most `(1 - level) / 2`. The zone between them is what makes a decision possible with the samples
 *   that a small share of traffic gives.
 * - **fail** when the interval lies above 0 and the estimate beyond the margin. A candidate as good as the control
 *   fails with a probability of at most about `(1 - level) / 2`; with several `judgements` the interval that must lie
 *   above 0 is that much wider that all of them together keep to `1 - level`.
 * - **inconclusive** otherwise: no samples, too few, both sides failing always, or an interval too wide to tell.
 *
 * The probabilities hold for one look at the data: judging again and again while they arrive raises them. To look while
 * they arrive, see {@link watchProportion}.
 * @throws InvalidSampleError for counts, a margin, a minimum or a level that cannot be.
 * @public
 */
export function judgeProportion(
  options: JudgeOptions & { control: Proportion; candidate: Proportion },
): Judgement {
  assertJudgeOptions(options);
  const { control, candidate, margin, minimumSamples } = options;
  const sides = {
    control: proportionSide(control),
    candidate: proportionSide(candidate),
  };
  if (control.samples === 0 || candidate.samples === 0) {
    return {
      verdict: 'inconclusive',
      reason: 'no-signal',
      difference: null,
      ...sides,
    };
  }
  const difference = differenceOfProportions(
    control,
    candidate,
    options.level ?? DEFAULT_LEVEL,
  );
  if (Math.min(control.samples, candidate.samples) < minimumSamples) {
    return {
      verdict: 'inconclusive',
      reason: 'too-few-samples',
      difference,
      ...sides,
    };
  }
  if (
    control.count === control.samples &&
    candidate.count === candidate.samples
  ) {
    // Equal, but equally dead: nothing here says that the candidate works
    return {
      verdict: 'inconclusive',
      reason: 'constant-series',
      difference,
      ...sides,
    };
  }
  const surelyWorse =
    differenceOfProportions(control, candidate, failureLevel(options)).low > 0;
  return {
    ...judgeDifference(difference, margin, surelyWorse),
    difference,
    ...sides,
  };
}

/**
 * The fewest samples of a candidate with which {@link judgeProportion} can pass at all, namely when neither side has a
 * single error and the control has at least as many. A step of a rollout with a smaller minimum can end inconclusive
 * though nothing went wrong.
 *
 * At the level 0.95: 6 for a margin of 0.2, 35 for 0.05, 93 for 0.02, 189 for 0.01.
 * @throws InvalidSampleError for a margin or a level that cannot be.
 * @public
 */
export function fewestSamplesToPass(options: {
  margin: number;
  level?: number;
}): number {
  const { margin, level = DEFAULT_LEVEL } = options;
  assertJudgeOptions({ margin, minimumSamples: 1 });
  const z = twoSidedQuantile(level);
  // Wilson's upper end without errors is z² / (n + z²), and has to lie below
  const bound = INDIFFERENCE * margin;
  return Math.max(Math.floor(z * z * (1 / bound - 1)) + 1, 1);
}
