import { Series } from './PrometheusClient';

/**
 * How much a counter grew in `(from, to]`, in seconds since the epoch, by its raw samples. Nothing is extrapolated: what
 * was counted after the last sample is not known yet.
 *
 * A counter that falls was restarted and counts from 0 again. One without a sample up to `from` began after it, at 0: a
 * client library makes the series of a status when it first occurs, so its first value is growth.
 */
export function growth(
  values: Series['values'],
  from: number,
  to: number,
): number {
  let before = 0;
  let sum = 0;
  for (const [at, value] of values) {
    if (at > to) {
      break;
    }
    if (at > from) {
      sum += value >= before ? value - before : value;
    }
    before = value;
  }
  return sum;
}
