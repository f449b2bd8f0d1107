import { InvalidSampleError } from './errors';

/** At hand, since it is asked for every single value. */
const { isFinite } = Number;

/**
 * Sample quantile by linear interpolation between order statistics (Hyndman and Fan's type 7, the default of NumPy
 * and R).
 * @param values - in any order; they are not changed
 * @param probability - 0 to 1, such as 0.95 for the p95
 * @returns null without values.
 * @throws InvalidSampleError for a probability outside 0 to 1 or a value that is not finite.
 * @public
 */
export function quantile(
  values: ArrayLike<number>,
  probability: number,
): number | null {
  if (!(probability >= 0 && probability <= 1)) {
    throw new InvalidSampleError(
      `A quantile's probability must lie between 0 and 1; it is ${probability}`,
    );
  }
  return quantileOfSorted(sorted(values), probability);
}

/** The same for values that are known to ascend. */
export function quantileOfSorted(
  values: Float64Array,
  probability: number,
): number | null {
  if (values.length === 0) {
    return null;
  }
  const position = (values.length - 1) * probability;
  const below = Math.floor(position);
  const low = values[below];
  const high = values[Math.min(below + 1, values.length - 1)];
  return low + (high - low) * (position - below);
}

/**
 * An ascending copy.
 * @throws InvalidSampleError for a value that is not finite.
 */
export function sorted(values: ArrayLike<number>): Float64Array {
  return finiteCopy(values).sort();
}

/** Whether all of the values, which ascend, are the same. */
export function isConstant(ascending: Float64Array): boolean {
  return ascending[0] === ascending[ascending.length - 1];
}

/**
 * A copy in the same order.
 * @throws InvalidSampleError for a value that is not finite.
 */
export function finiteCopy(values: ArrayLike<number>): Float64Array {
  const copy = new Float64Array(values.length);
  for (let i = 0; i < copy.length; i++) {
    copy[i] = values[i];
    if (!isFinite(copy[i])) {
      throw new InvalidSampleError(
        `Every value must be a finite number; value ${i} is ${values[i]}`,
      );
    }
  }
  return copy;
}
