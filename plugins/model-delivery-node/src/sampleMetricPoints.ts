import { RegistryMetricPoint } from './modelRegistry';

/** Of each stretch: the lowest, the highest, and one that is not finite. */
const KEPT_OF_STRETCH = 3;

/**
 * Sorts points by step, then time, and leaves out as many as are too many, so that the drawn line stays the same to the
 * eye: the first and the last stay, and of each stretch between them the lowest and the highest, so that no spike is lost,
 * and one that is not finite where there are any.
 * @param maxPoints - 10 or more
 * @public
 */
export function sampleMetricPoints(
  points: readonly RegistryMetricPoint[],
  maxPoints: number,
): RegistryMetricPoint[] {
  const sorted = [...points].sort(
    (a, b) => a.step - b.step || a.at.getTime() - b.at.getTime(),
  );
  if (sorted.length <= maxPoints) {
    return sorted;
  }
  const between = sorted.length - 2;
  const stretches = Math.floor((maxPoints - 2) / KEPT_OF_STRETCH);
  const kept = new Set([0, sorted.length - 1]);
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = 1 + Math.floor((stretch * between) / stretches);
    const to = 1 + Math.floor(((stretch + 1) * between) / stretches);
    keepOf(sorted, from, to).forEach(index => kept.add(index));
  }
  return sorted.filter((_, index) => kept.has(index));
}

function keepOf(
  points: RegistryMetricPoint[],
  from: number,
  to: number,
): number[] {
  let lowest: number | undefined;
  let highest: number | undefined;
  let broken: number | undefined;
  for (let index = from; index < to; index++) {
    const { value } = points[index];
    if (!Number.isFinite(value)) {
      broken ??= index;
      continue;
    }
    if (lowest === undefined || value < points[lowest].value) {
      lowest = index;
    }
    if (highest === undefined || value > points[highest].value) {
      highest = index;
    }
  }
  return [lowest, highest, broken].filter(index => index !== undefined);
}
