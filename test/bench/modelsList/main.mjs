/**
 * How long the list of models takes at 10,000 models with 100,000 versions, over HTTP, against what else lists the same models
 * out of the same PostgreSQL, in turn: Backstage's own catalog by `entities/by-query`, MLflow by `registered-models/search`,
 * and the list itself at ten times as many models.
 *
 *     SLIPWAY_MLFLOW_VENV=… node test/bench/modelsList/main.mjs
 *
 * Needs PostgreSQL's programs. MLflow is left out, and that is said, without a Python environment with mlflow and
 * psycopg2-binary; SLIPWAY_BENCH_MORE=0 leaves out the list of 100,000.
 */
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';
import { findPostgres, startPostgres } from '../../../scripts/lib/postgres.mjs';
import { get } from '../lib/get.mjs';
import { startMlflow } from '../lib/mlflow.mjs';
import { inTurn, percentile } from '../lib/percentiles.mjs';
import { Programs } from '../lib/programs.mjs';
import {
  PLUGIN_DATABASE,
  startSlipway,
  TOKEN,
  untilModels,
} from '../lib/slipway.mjs';
import { questions } from './questions.mjs';
import { seedMlflow, seedSlipway } from './seed.mjs';

const MODELS = Number(process.env.SLIPWAY_BENCH_MODELS ?? 10_000);
const MORE = Number(process.env.SLIPWAY_BENCH_MORE ?? 10 * MODELS);
const VERSIONS_PER_MODEL = 10;
const PAGE = 50;
const ROUNDS = Number(process.env.SLIPWAY_BENCH_ROUNDS ?? 200);
const WARM_UP = 20;
const MORE_PREFIX = 'more_';

/** Everything is processed once, as fast as it goes, and then left alone. */
const CATALOG = {
  processingInterval: { hours: 24 },
  rules: [{ allow: ['Model'] }],
};

const require = createRequire(join(root, 'plugins/model-delivery-backend/'));
const knexOf = require('knex');
const say = text => process.stdout.write(`${text}\n`);

/** Waits until the catalog has processed all of them. */
async function untilProcessed(catalogUrl) {
  const until = Date.now() + 1_800_000;
  for (;;) {
    const { body } = await get(
      `${catalogUrl}/api/catalog/entities/by-query?filter=kind=model&limit=0`,
      TOKEN,
    );
    if (body.totalItems >= MODELS) {
      return;
    }
    if (Date.now() > until) {
      throw new Error(`The catalog has ${body.totalItems} of ${MODELS} models`);
    }
    await new Promise(resolve => setTimeout(resolve, 5_000));
  }
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
  const server = cluster.connectionString;
  const databases = [];
  const open = name => {
    const knex = knexOf({
      client: 'pg',
      connection: server.replace(/postgres$/, name),
      pool: { min: 0, max: 1 },
    });
    databases.push(knex);
    return knex;
  };
  /** Starts the list over so many models, and gives them their versions. */
  const startList = async (models, more, database) => {
    const url = await startSlipway(programs, server, models, {
      ...more,
      // Read once, and not again while rows are written past it
      modelDelivery: { catalog: { pollInterval: { hours: 24 } } },
    });
    const knex = open(database);
    await untilModels(knex, models);
    await seedSlipway(knex, VERSIONS_PER_MODEL);
    return { url, knex };
  };
  try {
    const urls = {};
    say(`Starting Slipway with ${MODELS} models …`);
    const list = await startList(MODELS, {}, PLUGIN_DATABASE);
    urls.Slipway = list.url;

    say('Starting the catalog, which processes the same …');
    urls.Catalog = await startSlipway(programs, server, MODELS, {
      name: 'Catalog',
      program: 'modelsList/catalogBackend.ts',
      env: { APP_CONFIG_catalog: JSON.stringify(CATALOG) },
    });
    await untilProcessed(urls.Catalog);
    await open('backstage_plugin_catalog').raw('vacuum analyze');

    if (process.env.SLIPWAY_MLFLOW_VENV) {
      say('Starting MLflow with the same …');
      await open('postgres').raw('create database mlflow');
      urls.MLflow = await startMlflow(programs, server);
      await seedMlflow(
        open('mlflow'),
        await list.knex('models').select('name', 'owner'),
        VERSIONS_PER_MODEL,
      );
    } else {
      say('MLflow is left out: SLIPWAY_MLFLOW_VENV names none');
    }
    if (MORE > 0) {
      say(`Starting Slipway with ${MORE} models …`);
      const more = await startList(
        MORE,
        { prefix: MORE_PREFIX },
        PLUGIN_DATABASE.replace('backstage_plugin_', MORE_PREFIX),
      );
      urls.More = more.url;
    }

    say(
      `\n${MODELS} models, ${
        MODELS * VERSIONS_PER_MODEL
      } versions, pages of ${PAGE}, ${ROUNDS} requests each in turn; load ${loadavg()[0].toFixed(
        1,
      )}; milliseconds\n`,
    );
    const names = Object.keys(urls);
    say(
      `| | ${names
        .map(name => `${name} p50 | ${name} p95`)
        .join(' | ')} | ${names
        .slice(1)
        .map(name => `${name} / Slipway (p95)`)
        .join(' | ')} |`,
    );
    say(`| --- |${' ---: |'.repeat(names.length * 3 - 1)}`);
    for (const { what, ask } of questions(PAGE)) {
      const requests = Object.fromEntries(
        names.map(name => {
          const { path, next } = ask(name);
          return [
            name,
            async round => {
              const { body } = await get(`${urls[name]}${path(round)}`, TOKEN);
              next?.(body);
            },
          ];
        }),
      );
      const times = await inTurn({ rounds: ROUNDS, warmUp: WARM_UP, requests });
      const p95 = name => percentile(times[name], 0.95);
      say(
        `| ${what} | ${names
          .map(
            name =>
              `${percentile(times[name], 0.5).toFixed(1)} | ${p95(name).toFixed(
                1,
              )}`,
          )
          .join(' | ')} | ${names
          .slice(1)
          .map(name => (p95(name) / p95('Slipway')).toFixed(1))
          .join(' | ')} |`,
      );
    }
    say(`\nLoad at the end: ${loadavg()[0].toFixed(1)}`);
  } finally {
    await Promise.all(databases.map(each => each.destroy()));
    await programs.stop();
    cluster.stop();
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
