/**
 * How long lineage of depth 6 takes among a million edges, over HTTP on PostgreSQL:
 *
 *     node test/bench/lineage/main.mjs
 *
 * 200,000 runs read four data sets each and write one; one data set was read by each tenth run. Needs PostgreSQL's programs.
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

const RUNS = 200_000;
/** What every tenth run read. */
const HUB = 7;
const ROUNDS = 300;
const WARM_UP = 30;
const DEPTH = 6;

const require = createRequire(join(root, 'plugins/model-delivery-backend/'));
const knexOf = require('knex');
const say = text => process.stdout.write(`${text}\n`);

/** Data set n is what run n wrote, of those that came before it. */
async function seed(knex) {
  await knex.raw(
    `insert into lineage_names (id, key, class, kind, namespace, name)
     select n, encode(sha256(convert_to('["thing","bench","d' || n || '"]', 'UTF8')), 'hex'), 'thing', 'dataset', 'bench', 'd' || n
     from generate_series(1, :runs) n
     union all
     select :runs + n, encode(sha256(convert_to('["run","run","r' || n || '"]', 'UTF8')), 'hex'), 'run', 'run', 'run', 'r' || n
     from generate_series(1, :runs) n`,
    { runs: RUNS },
  );
  await knex.raw(
    `insert into lineage_nodes (id, name_id, version) select id, id, '' from lineage_names`,
  );
  await knex.raw(
    `insert into lineage_runs (node_id, job_namespace, job_name, state)
     select :runs + n, 'bench', 'job ' || n % 500, 'COMPLETE' from generate_series(1, :runs) n`,
    { runs: RUNS },
  );
  await knex.raw(
    `insert into lineage_edges (source_id, target_id, relation)
     select :runs + n, n, 'output' from generate_series(1, :runs) n
     union all
     select case when n % 10 = 0 and k = 0 then :hub else greatest(1, n - 1 - (n::bigint * (k + 3) * 7919) % 5000) end, :runs + n, 'input'
     from generate_series(10, :runs) n, generate_series(0, 3) k
     on conflict do nothing`,
    { runs: RUNS, hub: HUB },
  );
  await knex.raw(
    'vacuum analyze lineage_names, lineage_nodes, lineage_edges, lineage_runs',
  );
}

async function ask(url, node, more = '') {
  const { time, body } = await get(
    `${url}/api/model-delivery/lineage?node=dataset:bench/${node}&depth=${DEPTH}${more}`,
    TOKEN,
  );
  return { time, nodes: body.nodes.length };
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
    const url = await startSlipway(programs, cluster.connectionString, 1);
    knex = knexOf({
      client: 'pg',
      connection: cluster.connectionString.replace(
        /postgres$/,
        PLUGIN_DATABASE,
      ),
      pool: { min: 0, max: 1 },
    });
    await untilModels(knex, 1);
    await seed(knex);
    const [{ count }] = await knex('lineage_edges').count();
    say(`${count} edges`);
    say('| question | nodes | p50 ms | p95 ms |');
    say('| --- | ---: | ---: | ---: |');
    const somewhere = round =>
      `d${20_000 + (((round + WARM_UP) * 7919) % (RUNS - 40_000))}`;
    for (const [what, nodeOf, more] of [
      ['upstream', somewhere, '&direction=upstream'],
      ['downstream', somewhere, '&direction=downstream'],
      ['both', somewhere, ''],
      [
        'downstream of what 20,000 runs read',
        () => `d${HUB}`,
        '&direction=downstream',
      ],
    ]) {
      const times = [];
      let nodes = 0;
      for (let round = -WARM_UP; round < ROUNDS; round++) {
        const answer = await ask(url, nodeOf(round), more);
        if (round >= 0) {
          times.push(answer.time);
          nodes += answer.nodes / ROUNDS;
        }
      }
      const [p50, p95] = [0.5, 0.95].map(each => percentile(times, each));
      say(
        `| ${what} | ${nodes.toFixed(0)} | ${p50.toFixed(1)} | ${p95.toFixed(
          1,
        )} |`,
      );
    }
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
