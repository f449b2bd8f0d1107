import { assertJudgeOptions, JudgedSide, proportionSide } from './judgement';
import { Proportion } from './proportions';
import { sequentialProportions } from './sequentialProportions';
import { Interval } from './types';

/**
 * What watching says before a step's window is over. It can only stop a candidate: there is no early `pass`.
 * @public
 */
export interface Watch {
  verdict: 'fail' | 'inconclusive';
  /** As {@link JudgementReason} has it; `undecided` while nothing is certain, which is what to expect of a good candidate. */
  reason: 'beyond-margin' | 'too-few-samples' | 'no-signal' | 'undecided';
  /** Candidate minus control with its confidence sequence. Null when there is nothing to compare. */
  difference: Interval | null;
  control: JudgedSide;
  candidate: JudgedSide;
}

/**
 * Watches a proportion of which more is worse, such as errors among requests, while data arrive: **fail** as soon as the
 * whole confidence sequence of {@link sequentialProportions} lies beyond the margin.
 *
 * It may be asked as often as one likes. A candidate that is worse by no more than the margin is stopped with a
 * probability of at most `1 - level` however long it is watched; one as good as the control far more rarely, see the
 * README. A candidate that only fails is stopped after a handful of answers.
 * @param options - `margin` as {@link JudgeOptions} has it; `minimumSamples` of the candidate before which nothing is
 * said, 10 unless told, since a few requests of one caller are no picture of a version; `level` 0.99 unless told;
 * counts since the beginning of the step
 * @throws InvalidSampleError for counts, a margin, a minimum or a level that cannot be.
 * @public
 */
export function watchProportion(options: {
  control: Proportion;
  candidate: Proportion;
  margin: number;
  minimumSamples?: number;
  level?: number;
}): Watch {
  const { control, candidate, margin, level = 0.99 } = options;
  const minimumSamples = options.minimumSamples ?? 10;
  assertJudgeOptions({ margin, minimumSamples });
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
  const { difference } = sequentialProportions({ control, candidate, level });
  if (candidate.samples < minimumSamples) {
    return {
      verdict: 'inconclusive',
      reason: 'too-few-samples',
      difference,
      ...sides,
    };
  }
  return difference.low > margin
    ? { verdict: 'fail', reason: 'beyond-margin', difference, ...sides }
    : { verdict: 'inconclusive', reason: 'undecided', difference, ...sides };
}
