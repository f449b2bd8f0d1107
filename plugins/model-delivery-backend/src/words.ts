/** Facts, numbers and times in the words that people read. */

const SPECIAL: Record<string, string> = {
  f1: 'F1',
  auc: 'AUC',
  roc_auc: 'ROC AUC',
  drift_psi: 'drift (PSI)',
  latency_p95_ms: 'latency (p95)',
  null_share: 'the share of missing values',
  volume_change: 'the change in volume',
  coverage: 'test coverage',
  failed: 'the number of failing tests',
  completeness: 'completeness of the model card',
  feature_mismatches: 'the number of inputs with differing features',
  static_findings: 'the number of findings',
  schema_violations: 'the number of schema violations',
  checks_passed: 'the share of passed data checks',
  broken_references: 'the share of broken references',
  age_days: 'the age',
  demographic_parity_difference: 'the gap in demographic parity',
  equalized_odds_difference: 'the gap in equalised odds',
  equal_opportunity_difference: 'the gap in equal opportunity',
  robustness_drop: 'the loss by noise',
  invariance_violations: 'the share of answers that change without reason',
  regression_failures: 'the number of known examples that went wrong',
  cost_per_1000: 'the cost of 1,000 predictions',
  contract_failures: 'the number of failing contract tests',
  critical_vulnerabilities: 'the number of critical vulnerabilities',
  forbidden_licences: 'the number of forbidden licences',
  unapproved_tools: 'the number of unapproved tools',
  unapproved_vendors: 'the number of unapproved vendors',
  missing_tags: 'the number of missing cost tags',
  missing_documents: 'the number of missing documents',
  smoke_failures: 'the number of failing smoke tests',
  integration_failures: 'the number of failing integration tests',
  load_error_rate: 'the share of failing requests under load',
  memory_share: 'the share of memory in use',
  compliance_failures: 'the number of failing compliance checks',
  prediction_psi: 'drift of predictions (PSI)',
};
const SHARES = new Set([
  'coverage',
  'null_share',
  'volume_change',
  'fairness_gap',
  'robustness_drop',
  'completeness',
  'checks_passed',
  'broken_references',
  'demographic_parity_difference',
  'equalized_odds_difference',
  'equal_opportunity_difference',
  'invariance_violations',
  'load_error_rate',
  'memory_share',
]);

/** What a metric is called within a sentence. */
export function metricName(metric: string): string {
  return SPECIAL[metric] ?? metric.replaceAll('_', ' ');
}

/** A metric's value with its unit, such as `6.1 %`, `78 ms` or `0.842`. */
export function metricValue(
  metric: string,
  value: number,
  unit?: string,
): string {
  if (unit === '%' || unit === 'percent') {
    return `${round(value, 1)} %`;
  }
  if (unit === 'share' || (!unit && SHARES.has(metric))) {
    return percent(value);
  }
  if (unit === 'ms' || (!unit && metric.endsWith('_ms'))) {
    return `${round(value, value < 10 ? 1 : 0)} ms`;
  }
  if (!unit && metric.endsWith('_days')) {
    return `${round(value, 1)} ${value === 1 ? 'day' : 'days'}`;
  }
  const number = Number.isInteger(value)
    ? String(value)
    : round(value, Math.abs(value) < 10 ? 3 : 1);
  return unit ? `${number} ${unit}` : number;
}

/** A share (0 to 1) in percent, such as `6.1 %`. */
export function percent(share: number): string {
  const value = share * 100;
  return `${round(value, Math.abs(value) < 1 && value !== 0 ? 2 : 1)} %`;
}

/** Kept, since to make one takes longer than to judge a gate. */
const formats = new Map<number, Intl.NumberFormat>();

/** A number with at most so many decimals, without trailing zeros; thousands as `1,200`. */
export function round(value: number, decimals: number): string {
  let format = formats.get(decimals);
  if (!format) {
    format = new Intl.NumberFormat('en-US', {
      maximumFractionDigits: decimals,
    });
    formats.set(decimals, format);
  }
  return format.format(value);
}

/** A length of time in the largest fitting units, such as `12 min`, `4 h 52 min`, `2 d 3 h` or `8 s`. */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) {
    return `${total} s`;
  }
  const minutes = Math.floor(total / 60);
  if (minutes < 60) {
    return `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  }
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
}

/** Seconds between two moments. */
export function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}

/** The sentence with a capital first letter. */
export function capitalize(text: string): string {
  return text.charAt(0).toLocaleUpperCase('en-US') + text.slice(1);
}

/** The text with a capital first letter and a full stop, unless it ends otherwise. */
export function sentence(text: string): string {
  return capitalize(/[.!?…]$/.test(text) ? text : `${text}.`);
}

/** `a`, `a and b`, `a, b and c`. */
export function listing(items: string[], joiner = 'and'): string {
  return items.length < 2
    ? items.join('')
    : `${items.slice(0, -1).join(', ')} ${joiner} ${items[items.length - 1]}`;
}

/** The title of a role with its article, such as `a model risk manager`. */
export function withArticle(title: string): string {
  const text = title.toLocaleLowerCase('en-US');
  return `${/^[aeiou]/.test(text) ? 'an' : 'a'} ${text}`;
}
