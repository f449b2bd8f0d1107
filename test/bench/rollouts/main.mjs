/**
 * How late the steps of 200 canaries are that run at once on one backend, on PostgreSQL:
 *
 *     node test/bench/rollouts/main.mjs
 *
 * They are asked for as fast as the API takes them. A step is late by the time from when its window was over until it was
 * judged, and from that judgement until the traffic of the next step was moved. Needs PostgreSQL's programs.
 */
import {
  forEach,
  arrive,
  request,
  untilCount,
  withDelivery,
} from '../delivery/setUp.mjs';
import { percentile } from '../lib/percentiles.mjs';

const ROLLOUTS = Number(process.env.SLIPWAY_BENCH_ROLLOUTS ?? 200);
const WINDOW_SECONDS = Number(process.env.SLIPWAY_BENCH_WINDOW ?? 30);
/** How long the target takes for each answer, in milliseconds. */
const ANSWER_MS = Number(process.env.SLIPWAY_BENCH_ANSWER_MS ?? 50);
const SHARES = [5, 25, 50, 100];
const OVER = ['succeeded', 'failed', 'paused', 'errored', 'rolled-back'];

const say = text => process.stdout.write(`${text}\n`);

const steps = SHARES.map(
  share =>
    `{ share: ${share}, window: ${WINDOW_SECONDS}s, minimumSamples: 250 }`,
);

async function measure({ call, knex }) {
  say(`Bringing ${ROLLOUTS} models up …`);
  await arrive(call, knex, ROLLOUTS);
  const begun = Date.now();
  await forEach(ROLLOUTS, index => request(call, index, 'production'));
  const asked = Date.now();
  const where = { environment: 'production' };
  await untilCount(knex, ROLLOUTS, where, OVER);
  const ended = await knex('promotions').where(where);
  const bad = ended.filter(({ state }) => state !== 'succeeded');
  if (bad.length > 0) {
    throw new Error(
      `${bad.length} did not succeed, such as ${JSON.stringify(bad[0])}`,
    );
  }
  const rows = await knex('rollout_steps')
    .whereIn(
      'promotion_id',
      ended.map(each => each.id),
    )
    .orderBy(['promotion_id', 'index']);
  const judged = rows.map(row => row.judged_at - row.ends_at);
  const moved = rows
    .filter(row => row.index > 0)
    .map(row => {
      const before = rows.find(
        each =>
          each.promotion_id === row.promotion_id &&
          each.index === row.index - 1,
      );
      return row.started_at - before.judged_at;
    });
  const peak = mostAtOnce(rows, ROLLOUTS);
  say(
    `\n${ROLLOUTS} canaries asked for in ${((asked - begun) / 1000).toFixed(
      1,
    )} s, ${peak} of them at once; steps of ${WINDOW_SECONDS} s; each answer of the target takes ${ANSWER_MS} ms\n`,
  );
  say('| late, ms | steps | p50 | p95 | p99 | most |');
  say('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const [what, times] of [
    ['to be judged', judged],
    ['to move traffic', moved],
  ]) {
    say(
      `| ${what} | ${times.length} | ${[0.5, 0.95, 0.99, 1]
        .map(each => percentile(times, each).toFixed(0))
        .join(' | ')} |`,
    );
  }
}

/** How many rollouts had begun and not ended at the moment with the most of them. */
function mostAtOnce(rows, rollouts) {
  const changes = rows
    .filter(row => row.index === 0 || row.index === SHARES.length - 1)
    .map(row =>
      row.index === 0
        ? { at: row.started_at, by: 1 }
        : { at: row.judged_at, by: -1 },
    )
    .sort((one, other) => one.at - other.at);
  let now = 0;
  return changes.reduce((most, { by }) => {
    now += by;
    return Math.max(most, now);
  }, Math.min(rollouts, 0));
}

withDelivery(
  {
    models: ROLLOUTS,
    answerMs: ANSWER_MS,
    approvals: '[]',
    rollout: `{ strategy: canary, steps: [${steps}], metrics: [{ name: error-rate, margin: 0.05 }, { name: latency, margin: 20 }] }`,
  },
  measure,
).catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
