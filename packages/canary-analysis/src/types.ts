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

/**
 * What a sequential test says of all data so far. It holds at whatever moment one looks, and stops.
 * @public
 */
export interface SequentialTest {
  /**
   * Always-valid two-sided probability: if the null difference is the true one, the chance that it ever falls to α or
   * below is at most α. The smallest one seen so far may be used as well.
   */
  pValue: number;
  /**
   * Candidate minus control with its confidence sequence: with the probability `level`, every interval that is ever
   * looked at holds the true difference.
   */
  difference: Interval;
}
