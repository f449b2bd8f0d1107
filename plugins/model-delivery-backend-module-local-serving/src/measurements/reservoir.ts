/** A bounded uniform random sample of a stream of numbers (Vitter's algorithm R). */
export class Reservoir {
  readonly values: number[] = [];
  #seen = 0;

  constructor(
    private readonly capacity: number,
    private readonly random: () => number,
  ) {}

  add(value: number): void {
    this.#seen += 1;
    if (this.values.length < this.capacity) {
      this.values.push(value);
      return;
    }
    const place = Math.floor(this.random() * this.#seen);
    if (place < this.capacity) {
      this.values[place] = value;
    }
  }
}

/** A part of a population with a uniform sample of it. */
export interface SampledPart {
  /** Size of the part. */
  size: number;
  /** Sample of it, everything when it holds `size` values. */
  sample: ArrayLike<number>;
}

/**
 * A sample of the union of parts in which every member of the population had the same chance, at most `limit` values;
 * everything when the parts are complete and few enough.
 */
export function mergeSamples(
  parts: readonly SampledPart[],
  limit: number,
  random: () => number,
): number[] {
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  // A part whose sample is thin bounds how much may be taken from all the others
  const chance = parts.reduce(
    (least, { size, sample }) =>
      size > 0 ? Math.min(least, sample.length / size) : least,
    Math.min(1, limit / Math.max(total, 1)),
  );
  if (chance === 1) {
    return parts.flatMap(({ sample }) => Array.from(sample));
  }
  const merged: number[] = [];
  for (const { size, sample } of parts) {
    const wanted = size * chance;
    // Rounded at random, or parts smaller than 1 / chance would never be seen
    const count = Math.min(
      Math.floor(wanted) + (random() < wanted % 1 ? 1 : 0),
      sample.length,
    );
    const pool = Array.from(sample);
    for (let i = 0; i < count; i++) {
      const j = i + Math.floor(random() * (pool.length - i));
      [pool[i], pool[j]] = [pool[j], pool[i]];
      merged.push(pool[i]);
    }
  }
  return merged.slice(0, limit);
}
