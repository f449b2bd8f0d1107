import { hodgesLehmannOfSorted } from './hodgesLehmann';
import {
  assertJudgeOptions,
  DEFAULT_LEVEL,
  failureLevel,
  JudgedSide,
  judgeDifference,
  Judgement,
  JudgeOptions,
} from './judgement';
import { isConstant, quantileOfSorted, sorted } from './quantile';

/**
 * Judges values of which more is worse, such as latencies in milliseconds, by the Hodges-Lehmann shift and its interval
 * from the Mann-Whitney distribution. Pass and fail as {@link judgeProportion} has them; beyond that, a side
 * whose values are all the same never passes: a clock that stands still measures nothing.
 *
 * A shift speaks of the bulk of the values. A candidate that is slow for few requests only moves it little:
 * judge the share of requests above a bound with {@link judgeProportion}, see {@link countAbove}.
 * The `value` of a side is its p95.
 * @throws InvalidSampleError for a value that is not finite, or a margin, a minimum or a level that cannot be.
 * @public
 */
export function judgeDistribution(
  options: JudgeOptions & {
    control: ArrayLike<number>;
    candidate: ArrayLike<number>;
  },
): Judgement {
  assertJudgeOptions(options);
  const control = sorted(options.control);
  const candidate = sorted(options.candidate);
  const sides = { control: sideOf(control), candidate: sideOf(candidate) };
  if (control.length === 0 || candidate.length === 0) {
    return {
      verdict: 'inconclusive',
      reason: 'no-signal',
      difference: null,
      ...sides,
    };
  }
  const shift = hodgesLehmannOfSorted(
    control,
    candidate,
    options.level ?? DEFAULT_LEVEL,
  );
  const bounded = Number.isFinite(shift.low) && Number.isFinite(shift.high);
  const difference = bounded ? shift : null;
  if (
    !bounded ||
    Math.min(control.length, candidate.length) < options.minimumSamples
  ) {
    return {
      verdict: 'inconclusive',
      reason: 'too-few-samples',
      difference,
      ...sides,
    };
  }
  const surelyWorse =
    shift.estimate > options.margin &&
    hodgesLehmannOfSorted(control, candidate, failureLevel(options)).low > 0;
  const judged = judgeDifference(shift, options.margin, surelyWorse);
  if (
    judged.verdict !== 'fail' &&
    (isConstant(control) || isConstant(candidate))
  ) {
    return {
      verdict: 'inconclusive',
      reason: 'constant-series',
      difference,
      ...sides,
    };
  }
  return { ...judged, difference, ...sides };
}

/**
 * How many of the values lie above a bound, as a proportion that {@link judgeProportion} can judge: the way to catch a
 * slow tail.
 * @throws InvalidSampleError for a value that is not finite.
 * @public
 */
export function countAbove(
  values: ArrayLike<number>,
  bound: number,
): { count: number; samples: number } {
  const ascending = sorted(values);
  return {
    count: ascending.reduce((sum, value) => sum + (value > bound ? 1 : 0), 0),
    samples: ascending.length,
  };
}

function sideOf(ascending: Float64Array): JudgedSide {
  return {
    value: quantileOfSorted(ascending, 0.95),
    samples: ascending.length,
  };
}
