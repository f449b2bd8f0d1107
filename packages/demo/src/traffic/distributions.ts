import { Random } from '../portfolio/random';

/** A value of an exponential distribution: the time until the next of independent events. */
export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.next());
}

/** A count of a Poisson distribution; for small means. */
export function poisson(random: Random, mean: number): number {
  const end = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > end; product *= random.next()) {
    count += 1;
  }
  return count;
}

/** Rounded to so many decimals. */
export function round(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
