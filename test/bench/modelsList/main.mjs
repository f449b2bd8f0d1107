/**
 * How long a page of 50 models takes at 10,000 models with 100,000 versions, against MLflow's
 * `registered-models/search` on the same rows of the same PostgreSQL, over HTTP, in turn:
 *
 *     SLIPWAY_MLFLOW_VENV=… node test/bench/modelsList/main.mjs
 *
 * Needs PostgreSQL's programs, and a Python environment with mlflow and psycopg2-binary.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';
import { findPostgres, startPostgres } from '../../../scripts/lib/postgres.mjs';
import { alternate, comparison, comparisonHead } from '../lib/percentiles.mjs';
import { freePort, Programs } from '../lib/programs.mjs';
import {
  PLUGIN_DATABASE,
  startSlipway,
  TOKEN,
  untilModels,
} from '../lib/slipway.mjs';
import { seedMlflow, seedSlipway } from './seed.mjs';

const MODELS = Number(process.env.SLIPWAY_BENCH_MODELS ?? 10_000);
const VERSIONS_PER_MODEL = 10;
const PAGE = 50;
const ROUNDS = 200;
const WARM_UP = 20;

const require = createRequire(join(root, 'plugins/model-delivery-backend/'));
const knexOf = require('knex');

function mlflowProgram() {
  const folder = process.env.SLIPWAY_MLFLOW_VENV;
  if (!folder) {
    throw new Error(
      'SLIPWAY_MLFLOW_VENV must name a Python environment with mlflow and psycopg2-binary',
    );
  }
  return {
    program: join(folder, 'bin/mlflow'),
    env: {
      ...process.env,
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      MLFLOW_DISABLE_TELEMETRY: 'true',
    },
  };
}

const say = text => process.stdout.write(`${text}\n`);

async function startMlflow(programs, server) {
  const { program, env } = mlflowProgram();
  const store = server.replace('postgresql://', 'postgresql+psycopg2://');
  const uri = store.replace(/\/postgres$/, '/mlflow');
  await programs.run('mlflow db upgrade', program, ['db', 'upgrade', uri], {
    env,
  });
  const port = await freePort();
  const mlflow = programs.start(
    'mlflow server',
    program,
    [
      'server',
      '--backend-store-uri',
      uri,
      '--artifacts-destination',
      '/tmp',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--workers',
      '1',
    ],
    { env, cwd: '/tmp' },
  );
  const url = `http://127.0.0.1:${port}`;
  await programs.waitFor(mlflow, `${url}/health`, 120_000);
  return url;
}

async function read(url, headers = {}) {
  const response = await fetch(url, { headers });
  const body = await response.json();
  if (!response.ok) {
    throw new Error(
      `${url} answered ${response.status}: ${JSON.stringify(body)}`,
    );
  }
  return body;
}

/** Reads page after page of a list, and begins anew after the last. */
function pagesOf(readPage) {
  let next;
  return async () => {
    next = await readPage(next);
  };
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
  const admin = knexOf({
    client: 'pg',
    connection: cluster.connectionString,
    pool: { min: 0, max: 1 },
  });
  const databases = [];
  const open = name => {
    const knex = knexOf({
      client: 'pg',
      connection: cluster.connectionString.replace(/postgres$/, name),
      pool: { min: 0, max: 1 },
    });
    databases.push(knex);
    return knex;
  };
  try {
    await admin.raw('create database mlflow');
    say('Starting MLflow and Slipway on one PostgreSQL …');
    const mlflowUrl = await startMlflow(programs, cluster.connectionString);
    const slipwayUrl = await startSlipway(
      programs,
      cluster.connectionString,
      MODELS,
    );

    const slipwayDb = open(PLUGIN_DATABASE);
    await untilModels(slipwayDb, MODELS);
    say(`Writing ${MODELS * VERSIONS_PER_MODEL} versions into both …`);
    await seedSlipway(slipwayDb, VERSIONS_PER_MODEL);
    const names = (await slipwayDb('models').select('name')).map(
      each => each.name,
    );
    await seedMlflow(open('mlflow'), names, VERSIONS_PER_MODEL);

    const slipway = path =>
      read(`${slipwayUrl}/api/model-delivery/models?limit=${PAGE}${path}`, {
        authorization: `Bearer ${TOKEN}`,
      });
    const mlflow = path =>
      read(
        `${mlflowUrl}/api/2.0/mlflow/registered-models/search?max_results=${PAGE}${path}`,
      );
    const first = await slipway('');
    const same = await mlflow('');
    if (
      first.items.length !== PAGE ||
      same.registered_models.length !== PAGE ||
      first.totalItems !== MODELS
    ) {
      throw new Error('The two lists are not of the same rows');
    }

    const runs = [
      ['first page', { one: () => slipway(''), other: () => mlflow('') }],
      [
        'page after page',
        {
          one: pagesOf(
            async cursor =>
              (
                await slipway(
                  `&sort=name${
                    cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
                  }`,
                )
              ).nextCursor,
          ),
          other: pagesOf(
            async token =>
              (
                await mlflow(
                  token ? `&page_token=${encodeURIComponent(token)}` : '',
                )
              ).next_page_token,
          ),
        },
      ],
      [
        'search by name',
        {
          one: round => slipway(`&q=model-0${round % 10}`),
          other: round =>
            mlflow(
              `&filter=${encodeURIComponent(
                `name ILIKE '%model-0${round % 10}%'`,
              )}`,
            ),
        },
      ],
    ];
    say(
      `\n${MODELS} models, ${
        MODELS * VERSIONS_PER_MODEL
      } versions, pages of ${PAGE}, ${ROUNDS} requests each in turn\n`,
    );
    say(comparisonHead('Slipway', 'MLflow'));
    for (const [what, requests] of runs) {
      say(
        comparison(
          what,
          await alternate({ rounds: ROUNDS, warmUp: WARM_UP, ...requests }),
        ),
      );
    }
  } finally {
    await Promise.all([admin, ...databases].map(each => each.destroy()));
    await programs.stop();
    cluster.stop();
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
