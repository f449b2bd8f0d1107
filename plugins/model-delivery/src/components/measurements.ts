import type { Measurement } from '@slipway/backstage-plugin-model-delivery-common';
import { formatQuantity, Quantity } from '../charts/numbers';

/** Words in names of metrics that are not written as words. */
const WORDS: Record<string, string> = {
  auc: 'AUC',
  roc: 'ROC',
  pr: 'PR',
  f1: 'F1',
  mae: 'MAE',
  rmse: 'RMSE',
  mape: 'MAPE',
  smape: 'sMAPE',
  mse: 'MSE',
  r2: 'R²',
  ndcg: 'NDCG',
  psi: 'PSI',
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  ms: 'ms',
};

/** A metric as a person writes it: `roc_auc` is "ROC AUC", `fairness_gap` "Fairness gap". */
export function metricTitle(name: string): string {
  const words = name.split('_').map(word => WORDS[word] ?? word);
  const text = words.join(' ');
  return words[0] in WORDS
    ? text
    : text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * How a unit of measurement is written; shares become percents.
 * @param beside - the values that are read beside one another: where all of them are whole, so are plain numbers
 */
export function quantityOf(
  unit: string | undefined,
  beside: number[] = [],
): Quantity {
  const digits =
    beside.length > 0 && beside.every(Number.isInteger) ? 0 : undefined;
  switch (unit) {
    case 'ms':
    case 'milliseconds':
      return { kind: 'milliseconds' };
    case 'share':
    case 'ratio':
      return { kind: 'share' };
    case '%':
    case 'percent':
      return { kind: 'plain', unit: '%', digits };
    default:
      return { kind: 'plain', unit, digits };
  }
}

/** A measured value in its unit, beside others as `quantityOf` has it. */
export function formatMeasurement(
  measurement: { value: number; unit?: string },
  beside?: number[],
): string {
  return formatQuantity(
    measurement.value,
    quantityOf(measurement.unit, beside),
  );
}

/** The interval of a measurement, `0.861 to 0.877`; null when none was reported. */
export function formatInterval(measurement: Measurement): string | null {
  const { interval, unit } = measurement;
  if (!interval) {
    return null;
  }
  const quantity = quantityOf(unit);
  return `${formatQuantity(interval.low, quantity)} to ${formatQuantity(
    interval.high,
    quantity,
  )}`;
}

/** What a value of one version says against the same of another. */
export type Reading = 'better' | 'worse' | 'no-difference' | 'not-comparable';

/**
 * Compares two measurements as the server does: no difference while their intervals overlap, or while both have the same value
 * and none; with intervals of two levels, one interval or no known direction they cannot be compared.
 */
export function readAgainst(
  candidate: Measurement,
  other: Measurement | undefined,
): Reading {
  if (!other) {
    return 'not-comparable';
  }
  if (!candidate.interval && !other.interval) {
    return candidate.value === other.value ? 'no-difference' : 'not-comparable';
  }
  if (
    !candidate.interval ||
    !other.interval ||
    candidate.interval.level !== other.interval.level
  ) {
    return 'not-comparable';
  }
  if (overlap(candidate.interval, other.interval)) {
    return 'no-difference';
  }
  const higherIsBetter = candidate.higherIsBetter ?? other.higherIsBetter;
  if (higherIsBetter === undefined) {
    return 'not-comparable';
  }
  return candidate.value > other.value === higherIsBetter ? 'better' : 'worse';
}

/** Whether two intervals have a value in common. */
export function overlap(
  one: { low: number; high: number },
  other: { low: number; high: number },
): boolean {
  return one.low <= other.high && other.low <= one.high;
}
