/**
 * Kullback-Leibler divergence of a Bernoulli distribution with rate `from` against one with rate `to`, in nats; infinite
 * where `to` rules out what `from` allows.
 *
 * Written so that nothing cancels when the two are close, since sequential tests multiply it with large numbers of
 * samples.
 */
export function bernoulliDivergence(from: number, to: number): number {
  // The linear parts of both terms add up to nothing, so only what is beyond them is computed
  return part(from, to) + part(1 - from, 1 - to);
}

/** `from · log(from / to) - from + to`, which is never negative. */
function part(from: number, to: number): number {
  if (from === 0) {
    return to;
  }
  return from * beyondLinear((to - from) / from);
}

/** `x - log(1 + x)` without loss for small `x`. */
function beyondLinear(x: number): number {
  if (Math.abs(x) > 0.01) {
    return x - Math.log1p(x);
  }
  // x²/2 - x³/3 + …, of which eight terms are more than a number holds for such x
  let sum = 0;
  for (let power = 9; power >= 2; power--) {
    sum = 1 / power - x * sum;
  }
  return x * x * sum;
}
