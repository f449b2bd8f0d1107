import { InvalidSampleError } from './errors';

/**
 * A source of randomness: each call gives a number from 0 to less than 1.
 * @public
 */
export type RandomSource = () => number;

/**
 * A generator that gives the same numbers for the same seed, wherever it runs (mulberry32, 32 bits of state). For
 * resampling and simulation; nothing that must not be guessed.
 * @param seed - a whole number from 0 to 2³² - 1
 * @throws InvalidSampleError for another seed.
 * @public
 */
export function seededRandom(seed: number): RandomSource {
  if (!(Number.isSafeInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
    throw new InvalidSampleError(
      `A seed must be a whole number from 0 to 4294967295; it is ${seed}`,
    );
  }
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
