/**
 * An estimate with its confidence interval, in the unit of what is estimated.
 * @public
 */
export interface Interval {
  estimate: number;
  /** Lower end; `-Infinity` when the data cannot bound it. */
  low: number;
  /** Upper end; `Infinity` when the data cannot bound it. */
  high: number;
  /** Two-sided confidence level, such as 0.95. */
  level: number;
}
