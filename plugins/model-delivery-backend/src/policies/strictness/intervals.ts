/** A stretch of numbers. Ends may be infinite; those are never included. */
export interface Interval {
  low: number;
  high: number;
  includesLow: boolean;
  includesHigh: boolean;
}

/** Numbers as stretches that rise and do not touch. */
export type NumberSet = readonly Interval[];

/** The numbers that stand to `value` as the operator says. */
export function numbersThat(
  operator: '<' | '<=' | '>' | '>=' | '==' | '!=',
  value: number,
): NumberSet {
  const below = (included: boolean): Interval => ({
    low: -Infinity,
    high: value,
    includesLow: false,
    includesHigh: included,
  });
  const above = (included: boolean): Interval => ({
    low: value,
    high: Infinity,
    includesLow: included,
    includesHigh: false,
  });
  switch (operator) {
    case '<':
      return [below(false)];
    case '<=':
      return [below(true)];
    case '>':
      return [above(false)];
    case '>=':
      return [above(true)];
    case '==':
      return [
        { low: value, high: value, includesLow: true, includesHigh: true },
      ];
    default:
      return [below(false), above(false)];
  }
}

/** The numbers in both sets. */
export function intersect(a: NumberSet, b: NumberSet): NumberSet {
  return a.flatMap(one =>
    b.flatMap(other => {
      const common: Interval = {
        ...(one.low > other.low || (one.low === other.low && other.includesLow)
          ? { low: one.low, includesLow: one.includesLow }
          : { low: other.low, includesLow: other.includesLow }),
        ...(one.high < other.high ||
        (one.high === other.high && other.includesHigh)
          ? { high: one.high, includesHigh: one.includesHigh }
          : { high: other.high, includesHigh: other.includesHigh }),
      };
      return isEmpty(common) ? [] : [common];
    }),
  );
}

/** The numbers in either set. */
export function unite(a: NumberSet, b: NumberSet): NumberSet {
  const sorted = [...a, ...b].sort(
    (one, other) =>
      (one.low === other.low ? 0 : one.low - other.low) ||
      Number(other.includesLow) - Number(one.includesLow),
  );
  const united: Interval[] = [];
  for (const next of sorted) {
    const last = united.at(-1);
    const touches =
      last &&
      (next.low < last.high ||
        (next.low === last.high && (next.includesLow || last.includesHigh)));
    if (!last || !touches) {
      united.push({ ...next });
    } else if (next.high > last.high) {
      last.high = next.high;
      last.includesHigh = next.includesHigh;
    } else if (next.high === last.high) {
      last.includesHigh ||= next.includesHigh;
    }
  }
  return united;
}

/** Whether every number of `inner` is in `outer`. */
export function isContained(inner: NumberSet, outer: NumberSet): boolean {
  return inner.every(one =>
    outer.some(
      other =>
        (other.low < one.low ||
          (other.low === one.low && (other.includesLow || !one.includesLow))) &&
        (other.high > one.high ||
          (other.high === one.high &&
            (other.includesHigh || !one.includesHigh))),
    ),
  );
}

function isEmpty({ low, high, includesLow, includesHigh }: Interval): boolean {
  return low > high || (low === high && !(includesLow && includesHigh));
}
