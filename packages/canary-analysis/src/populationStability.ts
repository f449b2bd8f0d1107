import { InvalidSampleError } from './errors';
import { quantileOfSorted, sorted } from './quantile';

/**
 * One bin of a population stability index.
 * @public
 */
export interface StabilityBin {
  /** Lower end; `-Infinity` in the first bin. Not part of the bin, unless `low` and `high` are the same. */
  low: number;
  /** Upper end, part of the bin unless the bin above is a single value that begins there; `Infinity` in the last. */
  high: number;
  /** Values of the reference in it. */
  reference: number;
  /** Values of the current data in it. */
  current: number;
}

/**
 * How far a distribution has moved from its reference.
 * @public
 */
export interface PopulationStability {
  /**
   * The index, from 0. By custom below 0.1 is stable, up to 0.2 is worth a look, above has drifted; that custom supposes
   * thousands of values a side, see `expectedByChance`.
   */
  index: number;
  /** What the index is on average when nothing has moved at all, for so many bins and values. */
  expectedByChance: number;
  bins: StabilityBin[];
}

/**
 * Population stability index of current values against a reference, over bins that hold equal shares of the reference.
 *
 * **Bins** end at the reference's quantiles (type 7); a value on an end counts below it, and the outer bins are open. A
 * value so frequent that it spans a whole bin (zeros of a sparse feature, a category written as a number, a constant
 * reference) gets a bin of its own, between what is below and what is above it; so ties make fewer or narrower bins, but
 * never hide a move away from them. **Empty bins** would make the index infinite: half a value is added to every bin on
 * both sides, see {@link stabilityOfCounts}.
 * Source of the index: N. Siddiqi, Credit Risk Scorecards (2006); of what chance makes of it: B. Yurdakul and J. Naranjo,
 * Statistical properties of the population stability index, Journal of Risk Model Validation 14 (2020).
 * @param options - `bins`, a whole number from 2 to 1,000, 10 unless told
 * @throws InvalidSampleError for an empty side, a value that is not finite, or a number of bins that cannot be.
 * @public
 */
export function populationStability(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  options: { bins?: number } = {},
): PopulationStability {
  const { bins = 10 } = options;
  if (!(Number.isSafeInteger(bins) && bins >= 2 && bins <= 1000)) {
    throw new InvalidSampleError(
      `bins must be a whole number from 2 to 1,000; it is ${bins}`,
    );
  }
  const ascending = sorted(reference);
  const now = sorted(current);
  if (ascending.length === 0 || now.length === 0) {
    throw new InvalidSampleError(
      'A population stability index needs at least one value on each side',
    );
  }
  const ends = endsOf(ascending, bins);
  const before = countBins(ascending, ends);
  const after = countBins(now, ends);
  const { index, expectedByChance } = stabilityOfCounts(before, after);
  return {
    index,
    expectedByChance,
    bins: before.map((count, i) => ({
      low: i === 0 ? -Infinity : ends[i - 1].value,
      high: i === ends.length ? Infinity : ends[i].value,
      reference: count,
      current: after[i],
    })),
  };
}

/**
 * Population stability index of counts, such as of categories: `Σ (pᵢ - qᵢ) log(pᵢ / qᵢ)`, where a share is
 * `(count + ½) / (total + ½ · bins)`, which is Jeffreys' estimate and keeps bins that are empty on one side finite.
 * @param reference - counts of each bin, whole numbers from 0
 * @param current - counts of the same bins in the same order
 * @throws InvalidSampleError for counts that cannot be, fewer than two bins, or sides of unequal length or without values.
 * @public
 */
export function stabilityOfCounts(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): { index: number; expectedByChance: number } {
  const bins = reference.length;
  if (bins < 2 || current.length !== bins) {
    throw new InvalidSampleError(
      `A population stability index needs two bins or more, as many on both sides; there are ${bins} and ${current.length}`,
    );
  }
  const before = totalOf(reference);
  const after = totalOf(current);
  let index = 0;
  for (let i = 0; i < bins; i++) {
    const p = (reference[i] + 0.5) / (before + bins / 2);
    const q = (current[i] + 0.5) / (after + bins / 2);
    index += (p - q) * Math.log(p / q);
  }
  return { index, expectedByChance: (bins - 1) * (1 / before + 1 / after) };
}

/** Where a bin ends: with the value, or just below it. */
interface End {
  value: number;
  inclusive: boolean;
}

function endsOf(ascending: Float64Array, bins: number): End[] {
  const quantiles = Array.from(
    { length: bins + 1 },
    (_, i) => quantileOfSorted(ascending, i / bins)!,
  );
  const ends: End[] = [];
  quantiles.forEach((value, i) => {
    const isFrequent = quantiles[i + 1] === value;
    if (quantiles[i - 1] === value) {
      return;
    }
    if (isFrequent) {
      ends.push({ value, inclusive: false }, { value, inclusive: true });
    } else if (i > 0 && i < bins) {
      ends.push({ value, inclusive: true });
    }
  });
  return ends;
}

function countBins(ascending: Float64Array, ends: End[]): number[] {
  const counts = new Array<number>(ends.length + 1).fill(0);
  let bin = 0;
  for (const value of ascending) {
    while (
      bin < ends.length &&
      (value > ends[bin].value ||
        (value === ends[bin].value && !ends[bin].inclusive))
    ) {
      bin++;
    }
    counts[bin]++;
  }
  return counts;
}

function totalOf(counts: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    if (!(Number.isSafeInteger(counts[i]) && counts[i] >= 0)) {
      throw new InvalidSampleError(
        `Every count must be a whole number from 0; count ${i} is ${counts[i]}`,
      );
    }
    total += counts[i];
  }
  if (!(total > 0 && Number.isSafeInteger(total))) {
    throw new InvalidSampleError(
      `The counts of a side must add up to at least one, and to a whole number; they add up to ${total}`,
    );
  }
  return total;
}
