import { InvalidSampleError } from './errors';

/**
 * Values of which only is known how many lie between bounds, such as what a histogram of a monitoring system counted.
 * @public
 */
export interface BinnedValues {
  /** Finite, ascending. The first bin holds what is up to the first bound, each next one what is above a bound and up to the next. */
  bounds: readonly number[];
  /** Whole numbers from 0, one more than there are bounds: the last bin holds what is above the last bound. */
  counts: readonly number[];
}

/** Values that are spread over bins at most: as many as judges are given of others. */
const MOST_VALUES = 5_000;
/** Values beyond these quantiles hardly move a median of differences. */
const MATTERS = { from: 0.05, to: 0.95 };

/** @throws InvalidSampleError when bounds or counts cannot be. */
export function assertBins({ bounds, counts }: BinnedValues): void {
  bounds.forEach((bound, i) => {
    if (!Number.isFinite(bound) || (i > 0 && !(bound > bounds[i - 1]))) {
      throw new InvalidSampleError(
        `The bounds of bins must be finite and ascend; bound ${i} is ${bound}`,
      );
    }
  });
  if (counts.length !== bounds.length + 1) {
    throw new InvalidSampleError(
      `There must be one bin more than bounds; there are ${counts.length} and ${bounds.length}`,
    );
  }
  counts.forEach((count, i) => {
    if (!(Number.isSafeInteger(count) && count >= 0)) {
      throw new InvalidSampleError(
        `Every count must be a whole number from 0; count ${i} is ${count}`,
      );
    }
  });
}

/** How many values there are. */
export function totalOf({ counts }: BinnedValues): number {
  return counts.reduce((sum, each) => sum + each, 0);
}

/**
 * A quantile, found by spreading the values of a bin evenly over it; in an outer bin it is the bound.
 * @returns null without values, or where no bound is known
 */
export function quantileOfBins(
  { bounds, counts }: BinnedValues,
  probability: number,
): number | null {
  const rank = probability * totalOf({ bounds, counts });
  let below = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] > 0 && rank <= below + counts[i]) {
      const low = bounds[i - 1] ?? bounds[0];
      const high = bounds[i] ?? bounds[bounds.length - 1];
      return low === undefined
        ? null
        : low + ((high - low) * (rank - below)) / counts[i];
    }
    below += counts[i];
  }
  return null;
}

/** Values that fall into the bins as they were counted, evenly within each: all of them, or 5,000 evenly spaced quantiles. */
export function spreadOverBins(bins: BinnedValues): number[] {
  const size =
    bins.bounds.length > 0 ? Math.min(MOST_VALUES, totalOf(bins)) : 0;
  return Array.from(
    { length: size },
    (_, i) => quantileOfBins(bins, (i + 0.5) / size)!,
  );
}

/** How far a value may be off: the width of the widest bin that holds any of the middle 90 %; infinite for an outer one. */
export function resolutionOf(bins: BinnedValues): number {
  const { bounds, counts } = bins;
  const total = totalOf(bins);
  let below = 0;
  let widest = 0;
  counts.forEach((count, i) => {
    const matters =
      count > 0 &&
      below + count > MATTERS.from * total &&
      below < MATTERS.to * total;
    const width = (bounds[i] ?? Infinity) - (bounds[i - 1] ?? -Infinity);
    widest = matters ? Math.max(widest, width) : widest;
    below += count;
  });
  return widest;
}

/** Two distribution functions at the bounds where both are known. */
export interface AlignedBins {
  bounds: number[];
  control: BinnedValues;
  candidate: BinnedValues;
}

/**
 * Brings two sides to the bounds at which it is known of both how many values lie below: all that are bounds of both, and
 * those that lie within an empty bin of the other, as in histograms that leave empty bins out.
 */
export function alignBins(
  control: BinnedValues,
  candidate: BinnedValues,
): AlignedBins {
  const bounds = [...new Set([...control.bounds, ...candidate.bounds])]
    .sort((a, b) => a - b)
    .filter(bound => isKnownAt(control, bound) && isKnownAt(candidate, bound));
  return {
    bounds,
    control: atBounds(control, bounds),
    candidate: atBounds(candidate, bounds),
  };
}

function isKnownAt({ bounds, counts }: BinnedValues, at: number): boolean {
  const bin = binOf(bounds, at);
  return bounds[bin] === at || counts[bin] === 0;
}

/** The counts between other bounds, at each of which it is known how many lie below. */
export function atBounds(
  { bounds, counts }: BinnedValues,
  others: readonly number[],
): BinnedValues {
  const merged = new Array<number>(others.length + 1).fill(0);
  counts.forEach((count, i) => {
    merged[i < bounds.length ? binOf(others, bounds[i]) : others.length] +=
      count;
  });
  return { bounds: others, counts: merged };
}

/** The bin that a value lies in: the first whose upper bound is not below it. */
function binOf(bounds: readonly number[], value: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (bounds[middle] < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
