/**
 * Logarithm of how likely `count` of `samples` is when the rate is drawn from Jeffreys' Beta(½, ½), against the most
 * that any single rate makes it. At most 0, falling with about half the logarithm of the samples; with it, a mixture
 * sequential test pays for not knowing the rate.
 *
 * `B(k + ½, n - k + ½) / π / (p̂ᵏ (1 - p̂)ⁿ⁻ᵏ)` by Stirling's formula with its correction, in which the large terms
 * are gone before anything is added: exact to some 1e-14 for any number of samples.
 */
export function logMixtureRatio(count: number, samples: number): number {
  const rest = samples - count;
  if (samples === 0) {
    return 0;
  }
  return (
    excess(count) +
    excess(rest) -
    samples * Math.log1p(1 / samples) -
    Math.log(samples + 1) / 2 +
    stirlingCorrection(count + 0.5) +
    stirlingCorrection(rest + 0.5) -
    stirlingCorrection(samples + 1) +
    Math.log(2 * Math.PI) / 2 -
    Math.log(Math.PI)
  );
}

/** `count · log((count + ½) / count)` */
function excess(count: number): number {
  return count === 0 ? 0 : count * Math.log1p(0.5 / count);
}

/** What `log Γ(x)` is beyond `(x - ½) log x - x + ½ log 2π`, for `x` from ½. */
function stirlingCorrection(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 10; at++) {
    shift += (at + 0.5) * Math.log1p(1 / at) - 1;
  }
  const square = 1 / (at * at);
  return (
    shift +
    (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / at
  );
}
