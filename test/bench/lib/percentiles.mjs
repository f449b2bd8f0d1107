/**
 * A quantile of measurements by linear interpolation between the two nearest.
 * @param {number[]} values at least one
 * @param {number} quantile 0 to 1
 */
export function percentile(values, quantile) {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (sorted.length - 1) * quantile;
  const low = Math.floor(at);
  const rest = at - low;
  return rest === 0
    ? sorted[low]
    : sorted[low] + rest * (sorted[low + 1] - sorted[low]);
}

/**
 * Times each of the two requests in turn, so that whatever else the machine does meets both alike.
 * @param {{ rounds: number, warmUp: number, one: (round: number) => Promise<unknown>, other: (round: number) => Promise<unknown> }} options
 *   `one` and `other` answer when the whole body has been read
 * @returns {Promise<{ one: number[], other: number[] }>} milliseconds
 */
export async function alternate({ rounds, warmUp, one, other }) {
  const times = { one: [], other: [] };
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, request] of [
      ['one', one],
      ['other', other],
    ]) {
      const begun = performance.now();
      await request(Math.max(round, 0));
      if (round >= 0) {
        times[name].push(performance.now() - begun);
      }
    }
  }
  return times;
}

/** A line of a Markdown table: what was measured, p50 and p95 of both, and the ratio of the medians. */
export function comparison(what, { one, other }) {
  const cell = value => value.toFixed(1).padStart(7);
  const [p50, p95] = [0.5, 0.95];
  const ratio = percentile(other, p50) / percentile(one, p50);
  return `| ${what.padEnd(22)} | ${cell(percentile(one, p50))} | ${cell(
    percentile(one, p95),
  )} | ${cell(percentile(other, p50))} | ${cell(
    percentile(other, p95),
  )} | ${ratio.toFixed(1).padStart(5)} |`;
}

/** The head of the table of `comparison`. */
export function comparisonHead(one, other) {
  return `| ${'milliseconds'.padEnd(
    22,
  )} | ${one} p50 | ${one} p95 | ${other} p50 | ${other} p95 | ratio of p50 |
| --- | ---: | ---: | ---: | ---: | ---: |`;
}
