import { bootstrapInterval, BootstrapOptions } from './bootstrap';
import { Interval } from './types';

/**
 * Whether two intervals have a point in common, ends included.
 *
 * As a test it is careful: two 95 % intervals that only just touch belong to a difference that is significant at about
 * 0.5 %, not 5 %. So an overlap says "may well be chance", and no overlap "hardly chance". An end that is not a number
 * overlaps nothing.
 * @public
 */
export function intervalsOverlap(
  a: Pick<Interval, 'low' | 'high'>,
  b: Pick<Interval, 'low' | 'high'>,
): boolean {
  return a.low <= b.high && b.low <= a.high;
}

/**
 * Bootstraps the same statistic of two samples, and says whether their intervals overlap: the tolerance for training that
 * is not deterministic, where a metric is compared within what chance does, and never for equality.
 * @throws InvalidSampleError as {@link bootstrapInterval} does, for either side.
 * @public
 */
export function bootstrapOverlap(
  control: ArrayLike<number>,
  candidate: ArrayLike<number>,
  options: BootstrapOptions,
): { overlap: boolean; control: Interval; candidate: Interval } {
  const intervals = {
    control: bootstrapInterval(control, options),
    candidate: bootstrapInterval(candidate, options),
  };
  return {
    overlap: intervalsOverlap(intervals.control, intervals.candidate),
    ...intervals,
  };
}
