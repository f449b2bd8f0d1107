/**
 * How long "what served at T" takes over 10,000, 100,000 and 1,000,000 deployments, over HTTP on PostgreSQL:
 *
 *     node test/bench/servedAt/main.mjs
 *
 * Three models have that many, all in one environment, which is the worst that can be: by the model there is nothing to leave
 * out. They are asked about in turn. Every tenth was rolled out as a canary of 5/25/50/100 %, so that for an hour two had
 * traffic, each with shares of which the one of that moment is looked for. Needs PostgreSQL's programs.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';
import { findPostgres, startPostgres } from '../../../scripts/lib/postgres.mjs';
import { get } from '../lib/get.mjs';
import { percentile } from '../lib/percentiles.mjs';
import { Programs } from '../lib/programs.mjs';
import {
  PLUGIN_DATABASE,
  startSlipway,
  TOKEN,
  untilModels,
} from '../lib/slipway.mjs';

const SIZES = [10_000, 100_000, 1_000_000];
const ROUNDS = 300;
const WARM_UP = 30;
const START = Date.parse('2000-01-01T00:00:00Z');
/** One deployment begins every two hours of the model's history. */
const EVERY_SECONDS = 7_200;
const CANARY_SECONDS = 3_600;

const require = createRequire(join(root, 'plugins/model-delivery-backend/'));
const knexOf = require('knex');
const say = text => process.stdout.write(`${text}\n`);

/** Deployments from one number to another: each ends when the next is full, every tenth takes an hour to become so. */
async function seed(knex, ref, from, to) {
  await knex.raw(
    `insert into deployments (id, model_ref, version_id, environment, environment_tier, origin, kind, share,
       started_at, full_traffic_at, ended_at, outcome, approved_by, reason)
     select gen_random_uuid()::text, :ref, (select id from versions where model_ref = :ref limit 1), 'production',
       'production', 'recorded', 'promotion', 100, begun, begun + canary, begun + interval '1 second' * :every + next, 'superseded', '[]', 'planned'
     from (
       select to_timestamp(:start::double precision + n * :every::double precision) as begun,
         case when n % 10 = 0 then interval '1 second' * :canary else interval '0' end as canary,
         case when (n + 1) % 10 = 0 then interval '1 second' * :canary else interval '0' end as next
       from generate_series(:from::int, :to::int - 1) n
     ) rows`,
    {
      ref,
      from,
      to,
      start: START / 1000,
      every: EVERY_SECONDS,
      canary: CANARY_SECONDS,
    },
  );
}

/** The shares of all deployments: those of a canary change every twenty minutes, and with them those of what it replaces. */
async function seedShares(knex) {
  await knex.raw(
    `insert into deployment_shares (deployment_id, since, share)
     select id, started_at, case when full_traffic_at > started_at then 5 else 100 end from deployments`,
  );
  await knex.raw(
    `insert into deployment_shares (deployment_id, since, share)
     select side.id, candidate.started_at + interval '1 second' * step.after, side.share
     from deployments candidate
       join deployments control on control.model_ref = candidate.model_ref and control.ended_at = candidate.full_traffic_at
       cross join (values (0, 5), (1200, 25), (2400, 50), (3600, 100)) as step (after, share)
       cross join lateral (values (candidate.id, step.share), (control.id, 100 - step.share)) as side (id, share)
     where candidate.full_traffic_at > candidate.started_at and side.share > 0
     on conflict do nothing`,
  );
}

async function addVersion(knex, ref) {
  await knex.raw(
    `insert into versions (id, model_ref, name, digest, parts, commits, authors, first_commit_at, change_kinds,
       trained_by, created_at, registered_at, registered_by, position)
     values (gen_random_uuid()::text, :ref, 'v1', 'sha256:' || repeat('0', 64),
       '{"code":{"commit":"0000000"},"data":[],"artifact":{"digest":"sha256:0"},"configuration":[],"parameters":{},"trainedBy":"user:default/somebody"}',
       '[]', '[]', null, '["code"]', 'user:default/somebody', now(), now(), 'service:pipeline', 1)`,
    { ref },
  );
}

/** Asks one question about a moment that is somewhere in the history, and says how long the answer took. */
async function ask(url, { ref, size }, round, offsetSeconds) {
  // Among the tenth ones, whose first hour is divided
  const which =
    Math.floor((((round + WARM_UP) * 7919) % (size - 20)) / 10) * 10 + 10;
  const at = new Date(START + 1000 * (which * EVERY_SECONDS + offsetSeconds));
  const path = `/api/model-delivery/models/default/${
    ref.split('/')[1]
  }/serving`;
  const { time, body } = await get(
    `${url}${path}?environment=production&at=${encodeURIComponent(
      at.toISOString(),
    )}`,
    TOKEN,
  );
  const shares = body.items.map(each => `${each.share} %`).join(' and ');
  return { time, shares };
}

/** Asks for what is in memory, and says how long that took: what any answer takes to who is signed in. */
async function askNothing(url) {
  const { time } = await get(`${url}/api/model-delivery/gate-kinds`, TOKEN);
  return time;
}

async function main() {
  const postgres = findPostgres();
  if (!postgres) {
    throw new Error(
      'PostgreSQL is not here: initdb and pg_ctl (Debian: apt-get install postgresql)',
    );
  }
  const programs = new Programs();
  const cluster = await startPostgres(postgres);
  let knex;
  try {
    const url = await startSlipway(
      programs,
      cluster.connectionString,
      SIZES.length,
    );
    knex = knexOf({
      client: 'pg',
      connection: cluster.connectionString.replace(
        /postgres$/,
        PLUGIN_DATABASE,
      ),
      pool: { min: 0, max: 1 },
    });
    await untilModels(knex, SIZES.length);
    const refs = await knex('models').orderBy('ref').pluck('ref');
    const models = SIZES.map((size, index) => ({ size, ref: refs[index] }));
    // It costs a third of a millisecond for each deployment that is written, and no question reads it
    await knex.raw(
      'alter table deployments drop constraint deployments_full_span_excl',
    );
    for (const { ref, size } of models) {
      await addVersion(knex, ref);
      await seed(knex, ref, 0, size);
    }
    await seedShares(knex);
    await knex.raw('vacuum analyze deployments, deployment_shares');
    say(
      '| deployments | question | answer | p50 ms | p95 ms | p50 / that of the fewest |',
    );
    say('| ---: | --- | --- | ---: | ---: | ---: |');
    for (const [what, offset] of [
      ['one version', 5_000],
      ['two versions, divided', 1_800],
    ]) {
      const times = models.map(() => []);
      const shares = models.map(() => '');
      const floor = [];
      for (let round = -WARM_UP; round < ROUNDS; round++) {
        // In turn, so that whatever else the machine does meets all alike
        for (const [index, model] of models.entries()) {
          const answer = await ask(url, model, round, offset);
          shares[index] = answer.shares;
          if (round >= 0) {
            times[index].push(answer.time);
          }
        }
        const time = await askNothing(url);
        if (round >= 0) {
          floor.push(time);
        }
      }
      for (const [index, { size }] of models.entries()) {
        const [p50, p95] = [0.5, 0.95].map(each =>
          percentile(times[index], each),
        );
        const ratio = p50 / percentile(times[0], 0.5);
        say(
          `| ${size} | ${what} | ${shares[index]} | ${p50.toFixed(
            1,
          )} | ${p95.toFixed(1)} | ${ratio.toFixed(2)} |`,
        );
      }
      const [p50, p95] = [0.5, 0.95].map(each => percentile(floor, each));
      say(
        `| – | what is in memory | – | ${p50.toFixed(1)} | ${p95.toFixed(
          1,
        )} | – |`,
      );
    }
    const { ref } = models.at(-1);
    const middle = new Date(START + (SIZES.at(-1) / 2) * EVERY_SECONDS * 1000);
    const { rows } = await knex.raw(
      `explain (analyze, costs off, timing off, summary off)
       select started_at from deployments where model_ref = ? and environment = 'production' and full_traffic_at <= ?
       order by full_traffic_at desc, started_at limit 1`,
      [ref, middle],
    );
    say(`\n${rows.map(each => each['QUERY PLAN']).join('\n')}`);
  } finally {
    await knex?.destroy();
    await programs.stop();
    cluster.stop();
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
