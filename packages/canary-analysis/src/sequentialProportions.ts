import { bernoulliDivergence } from './bernoulli';
import { logMixtureRatio } from './betaMixture';
import { InvalidSampleError } from './errors';
import { assertLevel } from './normal';
import { assertProportion, Proportion } from './proportions';
import { SequentialTest } from './types';

/** Halvings of an interval within 0 to 1 after which nothing but rounding is left. */
const MOST_HALVINGS = 60;

/**
 * Mixture sequential probability ratio test for the difference of two proportions, candidate minus control: it may be
 * asked after every single sample, and stopped whenever one likes, without raising its error rates.
 *
 * The rate of each side is mixed over Jeffreys' Beta(½, ½), a distribution of variance 1/8, and compared with the
 * likeliest pair of rates that differ by exactly `nullDifference`. Because the mixture is divided by the likelihood, the
 * ratio is a supermartingale under any such pair, so the chance that it ever exceeds 1/α is at most α (Ville). That holds
 * exactly, for any rates, from the first sample, in whichever order and share the samples come to the two sides; the
 * better known mixture of normal distributions needs variances, which for rare errors are zero until it is too late.
 *
 * Give the counts since the beginning, never those since the last look.
 * Source: H. Robbins, Statistical methods related to the law of the iterated logarithm, Annals of Mathematical Statistics
 * 41 (1970) 1397-1409; R. Johari, P. Koomen, L. Pekelis and D. Walsh, Always valid inference: continuous monitoring of
 * A/B tests, Operations Research 70 (2022) 1806-1821; the constrained maximum in place of a known rate after
 * L. Wasserman, A. Ramdas and S. Balakrishnan, Universal inference, PNAS 117 (2020) 16880-16890.
 * @param options - `nullDifference` from -1 to 1, 0 unless told; `level` of the confidence sequence, 0.95 unless told
 * @throws InvalidSampleError for counts, a difference or a level that cannot be, or a side without samples.
 * @public
 */
export function sequentialProportions(options: {
  control: Proportion;
  candidate: Proportion;
  nullDifference?: number;
  level?: number;
}): SequentialTest {
  const { control, candidate, nullDifference = 0, level = 0.95 } = options;
  [control, candidate].forEach(assertProportion);
  assertLevel(level);
  if (!(nullDifference >= -1 && nullDifference <= 1)) {
    throw new InvalidSampleError(
      `A difference of proportions lies between -1 and 1; nullDifference is ${nullDifference}`,
    );
  }
  if (control.samples === 0 || candidate.samples === 0) {
    throw new InvalidSampleError(
      'A sequential test of proportions needs at least one sample on each side',
    );
  }
  const logRatio = (difference: number) =>
    logRatioOfProportions(control, candidate, difference);
  const estimate =
    candidate.count / candidate.samples - control.count / control.samples;
  const bound = -Math.log1p(-level);
  return {
    pValue: Math.min(1, Math.exp(-logRatio(nullDifference))),
    difference: {
      estimate,
      low: lastWithin(estimate, -1, each => logRatio(each) < bound),
      high: lastWithin(estimate, 1, each => logRatio(each) < bound),
      level,
    },
  };
}

/**
 * Logarithm of the mixture likelihood ratio against the likeliest pair of rates that differ by `difference`; the null is
 * rejected from `-log(1 - level)` on.
 */
export function logRatioOfProportions(
  control: Proportion,
  candidate: Proportion,
  difference: number,
): number {
  return (
    logMixtureRatio(candidate.count, candidate.samples) +
    logMixtureRatio(control.count, control.samples) +
    smallestDivergence(control, candidate, difference)
  );
}

/** How far the data are, at least, from two rates that differ by `difference`, in nats; convex in the rates. */
function smallestDivergence(
  control: Proportion,
  candidate: Proportion,
  difference: number,
): number {
  const a = candidate.count / candidate.samples;
  const b = control.count / control.samples;
  const lowest = Math.max(0, -difference);
  const highest = Math.min(1, 1 - difference);
  const within = (rate: number) => Math.min(Math.max(rate, lowest), highest);
  // The control's rate that fits best lies between the one that fits the control and the one that fits the candidate
  let low = within(Math.min(b, a - difference));
  let high = within(Math.max(b, a - difference));
  const slope = (rate: number) =>
    control.samples * pull(b, rate) +
    candidate.samples * pull(a, rate + difference);
  for (let i = 0; i < MOST_HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (!(middle > low && middle < high)) {
      break;
    }
    if (slope(middle) > 0) {
      high = middle;
    } else {
      low = middle;
    }
  }
  const at = (rate: number) =>
    control.samples * bernoulliDivergence(b, rate) +
    candidate.samples *
      bernoulliDivergence(a, Math.min(Math.max(rate + difference, 0), 1));
  return Math.min(at(low), at(high));
}

/** Derivative of the divergence of `seen` against `rate` by `rate`. */
function pull(seen: number, rate: number): number {
  return seen === rate ? 0 : (rate - seen) / (rate * (1 - rate));
}

/** The point between `inside` and `end` up to which a property that `inside` has still holds. */
function lastWithin(
  inside: number,
  end: number,
  holds: (at: number) => boolean,
): number {
  if (holds(end)) {
    return end;
  }
  let within = inside;
  let without = end;
  for (let i = 0; i < MOST_HALVINGS; i++) {
    const middle = (within + without) / 2;
    if (middle === within || middle === without) {
      break;
    }
    if (holds(middle)) {
      within = middle;
    } else {
      without = middle;
    }
  }
  return without;
}
