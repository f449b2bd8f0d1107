/**
 * How long it takes from the moment somebody approves until the approval is stored, with 50 approvers at once, over HTTP
 * on PostgreSQL:
 *
 *     node test/bench/approvals/main.mjs
 *
 * The answer comes after the commit. Against the least that storing anything takes: one row inserted in a transaction of
 * its own on the same PostgreSQL, by as many clients at once; in turn. All approvers decide at the same moment, eight times,
 * each time on another promotion, of which none has enough approvals by then. Needs PostgreSQL's programs.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';
import {
  arrive,
  forEach,
  request,
  untilCount,
  withDelivery,
} from '../delivery/setUp.mjs';
import { percentile } from '../lib/percentiles.mjs';

const APPROVERS = 50;
const ROUNDS = 8;
const ROLE = 'team-lead';

const require = createRequire(join(root, 'plugins/model-delivery-backend/'));
const knexOf = require('knex');
const say = text => process.stdout.write(`${text}\n`);

/** Has as many people do something at the same moment, so many times, and times each of them. */
async function timed(people, rounds, act) {
  const times = [];
  const begun = performance.now();
  for (let round = 0; round < rounds; round++) {
    await Promise.all(
      Array.from({ length: people }, async (_, person) => {
        const from = performance.now();
        await act(person, round);
        times.push(performance.now() - from);
      }),
    );
  }
  return { times, seconds: (performance.now() - begun) / 1000 };
}

async function measure({ call, knex, server }) {
  say(`Bringing ${APPROVERS} promotions up to their approval …`);
  await arrive(call, knex, APPROVERS);
  const ids = [];
  await forEach(APPROVERS, async index => {
    ids.push((await request(call, index, 'production')).id);
  });
  await untilCount(knex, APPROVERS, { environment: 'production' }, [
    'awaiting-approval',
  ]);
  const promotions = await Promise.all(
    ids.map(id => call('GET', `/promotions/${id}`)),
  );
  const approve = async (person, which) => {
    const promotion = promotions[(person + which) % promotions.length];
    const changed = await call(
      'POST',
      `/promotions/${promotion.id}/decisions`,
      {
        decision: 'approve',
        role: ROLE,
        reason: 'Looked at its evaluations',
        revision: promotion.revision,
        subjectDigest: promotion.approval.subject.digest,
      },
      `user:default/lead-${person}`,
    );
    promotion.revision = changed.revision;
  };

  const clients = knexOf({
    client: 'pg',
    connection: server,
    pool: { min: APPROVERS, max: APPROVERS },
  });
  try {
    await clients.raw(
      'create table bench_rows (id serial primary key, at timestamptz, who text, what text)',
    );
    const insert = person =>
      clients.transaction(tx =>
        tx('bench_rows').insert({
          at: new Date(),
          who: `user:default/lead-${person}`,
          what: 'approve',
        }),
      );
    await timed(APPROVERS, 5, insert);
    const alone = await timed(1, ROUNDS, (_, round) => approve(0, round));
    const bareAlone = await timed(1, 200, insert);
    const bare = await timed(APPROVERS, 20, insert);
    // The first one has decided on as many already
    const approvals = await timed(APPROVERS - 1, ROUNDS, (person, round) =>
      approve(person + 1, round),
    );
    const bareAgain = await timed(APPROVERS, 20, insert);
    const rows = [
      ['one row, 1 client', bareAlone],
      ['an approval, 1 approver', alone],
      [`one row, ${APPROVERS} clients`, bare],
      [`one row, ${APPROVERS} clients, again`, bareAgain],
      [`an approval, ${APPROVERS - 1} approvers`, approvals],
    ];
    say('\n| milliseconds | stored | p50 | p95 | p99 | a second |');
    say('| --- | ---: | ---: | ---: | ---: | ---: |');
    for (const [what, { times, seconds }] of rows) {
      say(
        `| ${what} | ${times.length} | ${[0.5, 0.95, 0.99]
          .map(each => percentile(times, each).toFixed(1))
          .join(' | ')} | ${(times.length / seconds).toFixed(0)} |`,
      );
    }
    const p95 = ({ times }) => percentile(times, 0.95);
    say(
      `\nRatio of the p95 at once: ${(
        (2 * p95(approvals)) /
        (p95(bare) + p95(bareAgain))
      ).toFixed(1)}; against one approver alone: ${(
        p95(approvals) / p95(alone)
      ).toFixed(1)}`,
    );
    const [{ count }] = await knex('decisions').count();
    const expected = APPROVERS * ROUNDS;
    if (Number(count) !== expected) {
      throw new Error(`${count} decisions are stored, not ${expected}`);
    }
  } finally {
    await clients.destroy();
  }
}

withDelivery(
  {
    models: APPROVERS,
    answerMs: 0,
    approvals: `[{ role: ${ROLE}, minimum: 10 }]`,
    rollout: '{ strategy: direct }',
  },
  measure,
).catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
