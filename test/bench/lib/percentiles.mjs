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
 * Times requests in turn, so that whatever else the machine does meets all alike.
 * @param {{ rounds: number, warmUp: number, requests: Record<string, (round: number) => Promise<unknown>> }} options each
 *   request by its name; it answers when the whole body has been read
 * @returns {Promise<Record<string, number[]>>} milliseconds, by the names
 */
export async function inTurn({ rounds, warmUp, requests }) {
  const entries = Object.entries(requests);
  const times = Object.fromEntries(entries.map(([name]) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, request] of entries) {
      const begun = performance.now();
      await request(round);
      if (round >= 0) {
        times[name].push(performance.now() - begun);
      }
    }
  }
  return times;
}
