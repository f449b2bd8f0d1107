import { InputError } from '@backstage/errors';
import { SampleBatch } from '@slipway/backstage-plugin-model-delivery-common';
import { assertNotInFuture } from '../http/checkTimes';
import { duration } from '../words';

/** Longest interval that one sample may sum up, in milliseconds. */
const LONGEST_INTERVAL_MS = 5 * 60_000;
/** So many latencies, or scores, of an interval at least, where there were so many: fewer would not tell how they spread. */
const FEWEST_VALUES = 100;

/**
 * Checks what the contract cannot say of a batch.
 * @throws InputError naming the path of what is wrong
 */
export function checkBatch(
  batch: SampleBatch,
  options: { now: Date; retentionMs: number },
): void {
  const { now, retentionMs } = options;
  batch.samples.forEach((sample, i) => {
    const path = `request/body/samples/${i}`;
    const [from, to] = [Date.parse(sample.from), Date.parse(sample.to)];
    assertNotInFuture(`${path}/to`, sample.to, now);
    if (!(to > from) || to - from > LONGEST_INTERVAL_MS) {
      throw new InputError(
        `${path}/to is ${sample.to}; it has to be after its from, by ${duration(
          LONGEST_INTERVAL_MS / 1000,
        )} at most`,
      );
    }
    if (from < now.getTime() - retentionMs) {
      throw new InputError(
        `${path}/from is ${
          sample.from
        }, longer ago than samples are kept: ${duration(retentionMs / 1000)}`,
      );
    }
    const answered = sample.requests - sample.errors;
    if (answered < 0) {
      throw new InputError(
        `${path}/errors is ${sample.errors}, of ${sample.requests} requests`,
      );
    }
    const count = sample.latencies.length;
    const fewest = Math.min(answered, FEWEST_VALUES);
    if (count > answered || count < fewest) {
      throw new InputError(
        `${path}/latencies has ${count}; of ${answered} requests that were answered, ${fewest} to ${answered} are expected`,
      );
    }
    checkScores(sample, answered, path);
  });
}

function checkScores(
  { scores, scored }: SampleBatch['samples'][number],
  answered: number,
  path: string,
): void {
  if (!scores) {
    if (scored !== undefined) {
      throw new InputError(`${path}/scored counts scores, and there are none`);
    }
    return;
  }
  const all = scored ?? scores.length;
  if (all > answered) {
    throw new InputError(
      `${path}/${
        scored === undefined ? 'scores has' : 'scored is'
      } ${all}; of ${answered} requests that were answered, one each at most is expected`,
    );
  }
  const fewest = Math.min(all, FEWEST_VALUES);
  if (scores.length > all || scores.length < fewest) {
    throw new InputError(
      `${path}/scores has ${scores.length}; of ${all} answers with a score, ${fewest} to ${all} are expected`,
    );
  }
}
