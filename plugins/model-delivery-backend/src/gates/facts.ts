/** Facts that a condition may speak of. */
export const FACT_NAMES = [
  'candidate',
  'production',
  'training',
  'data',
  'tests',
  'card',
  'scan',
  'serving',
  'cost',
  'drift',
] as const;

export type FactName = (typeof FACT_NAMES)[number];

/** Splits `candidate.metrics.f1`; undefined when it is not of that form. */
export function parseFact(
  fact: string,
): { fact: FactName; metric: string } | undefined {
  const match = /^([a-z]+)\.metrics\.([a-z][a-z0-9_]*)$/.exec(fact);
  const name = FACT_NAMES.find(each => each === match?.[1]);
  return match && name ? { fact: name, metric: match[2] } : undefined;
}
