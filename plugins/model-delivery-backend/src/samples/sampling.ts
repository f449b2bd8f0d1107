/**
 * How many of each row are taken when a share (0 to 1) of all is: what is lost by rounding down is made up for by the rows
 * that follow, so that the sum is right to within one.
 */
export function quotas(share: number): (count: number) => number {
  let owed = 0;
  return count => {
    owed += count * share;
    // Sums of fractions fall short of whole numbers by a hair
    const taken = Math.floor(owed + 1e-9);
    owed -= taken;
    return taken;
  };
}

/** So many of a list, evenly spread over it; all of it when it has no more. */
export function pick(list: number[], count: number): number[] {
  return count >= list.length
    ? list
    : Array.from(
        { length: count },
        (_, i) => list[Math.floor(((i + 0.5) * list.length) / count)],
      );
}

/** A quantile (0 to 1) of a sorted list by its nearest rank; undefined of an empty one. */
export function quantile(sorted: number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
