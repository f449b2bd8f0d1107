import { hodgesLehmannOfSorted } from './hodgesLehmann';
import {
  assertJudgeOptions,
  DEFAULT_LEVEL,
  failureLevelEitherWay,
  INDIFFERENCE,
  JudgedSide,
  Judgement,
  JudgeOptions,
  UNSUSPICIOUS,
} from './judgement';
import { mannWhitneyOfSorted } from './mannWhitney';
import { isConstant, quantileOfSorted, sorted } from './quantile';
import { Interval } from './types';

/**
 * Judges values that may get worse **either way**, such as the scores of a model: by the Hodges-Lehmann shift and its
 * interval from the Mann-Whitney distribution, as shares of the control's interquartile range. So one margin suits scores of
 * any unit: 0.1 is a tenth of the range that holds the middle half of the control's values.
 *
 * Pass and fail as {@link judgeProportion} has them, on both sides of 0. Beyond that, never pass: a side whose values are all
 * the same, a control whose middle half is one value (there is nothing to measure by), and values so often the same that the
 * shift is 0 whatever happens while the Mann-Whitney test tells the sides apart. The `value` of a side is its median.
 *
 * A shift says nothing of spread and shape: see {@link judgeKolmogorovSmirnov} and {@link judgePopulationStability}.
 * @throws InvalidSampleError for a value that is not finite, or a margin, a minimum or a level that cannot be.
 * @public
 */
export function judgeShift(
  options: JudgeOptions & {
    control: ArrayLike<number>;
    candidate: ArrayLike<number>;
  },
): Judgement {
  assertJudgeOptions(options);
  const { margin, level = DEFAULT_LEVEL } = options;
  const control = sorted(options.control);
  const candidate = sorted(options.candidate);
  const sides = {
    control: medianSide(control),
    candidate: medianSide(candidate),
  };
  const unclear = (
    reason: Judgement['reason'],
    difference: Interval | null = null,
  ): Judgement => ({ verdict: 'inconclusive', reason, difference, ...sides });
  if (control.length === 0 || candidate.length === 0) {
    return unclear('no-signal');
  }
  const spread =
    quantileOfSorted(control, 0.75)! - quantileOfSorted(control, 0.25)!;
  const shiftAt = (wanted: number): Interval => {
    const { estimate, low, high } = hodgesLehmannOfSorted(
      control,
      candidate,
      wanted,
    );
    return {
      estimate: estimate / spread,
      low: low / spread,
      high: high / spread,
      level: wanted,
    };
  };
  if (Math.min(control.length, candidate.length) < options.minimumSamples) {
    return unclear('too-few-samples', bounded(shiftAt(level)));
  }
  if (!(spread > 0)) {
    return unclear('constant-series');
  }
  const shift = shiftAt(level);
  const difference = bounded(shift);
  if (!difference) {
    return unclear('too-few-samples');
  }
  if (Math.abs(shift.estimate) > margin) {
    const sure = shiftAt(failureLevelEitherWay(options));
    if (sure.low > 0 || sure.high < 0) {
      return { verdict: 'fail', reason: 'beyond-margin', difference, ...sides };
    }
  }
  if (isConstant(candidate)) {
    return unclear('constant-series', difference);
  }
  // The interval has no width where most pairs are ties, so it cannot tell that nothing has changed
  const isHidden =
    shift.low === shift.high &&
    mannWhitneyOfSorted(control, candidate).pValue < 1 - level;
  const furthest = Math.max(Math.abs(shift.low), Math.abs(shift.high));
  const nothingSpeaksOfHarm =
    shift.low <= 0 &&
    shift.high >= 0 &&
    Math.abs(shift.estimate) <= margin * UNSUSPICIOUS &&
    furthest < margin * INDIFFERENCE;
  return !isHidden && (furthest < margin || nothingSpeaksOfHarm)
    ? { verdict: 'pass', reason: 'within-margin', difference, ...sides }
    : unclear('straddles-margin', difference);
}

/** The median of a side, and how many values it has. */
export function medianSide(ascending: Float64Array): JudgedSide {
  return {
    value: quantileOfSorted(ascending, 0.5),
    samples: ascending.length,
  };
}

function bounded(interval: Interval): Interval | null {
  const { estimate, low, high } = interval;
  return [estimate, low, high].every(Number.isFinite) ? interval : null;
}
