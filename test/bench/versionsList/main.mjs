/**
 * How long a page of the versions of one model takes when it has 10,000, over HTTP, against MLflow's search for the same versions
 * out of the same PostgreSQL, in turn, and against the list of a model with ten times as many.
 *
 *     SLIPWAY_MLFLOW_VENV=… node test/bench/versionsList/main.mjs
 *
 * Needs PostgreSQL's programs. MLflow is left out, and that is said, without a Python environment with mlflow and
 * psycopg2-binary.
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
import { seedMlflowVersions, seedVersions } from './seed.mjs';

const MODELS = 100;
const VERSIONS = 10_000;
const PAGE = 50;
const ROUNDS = 200;
const WARM_UP = 20;
/** Names of models of the benchmark's catalog. */
const ONE = 'model-00000';
const MORE = 'model-00001';

const require = createRequire(join(root, 'plugins/model-delivery-backend/'));
const knexOf = require('knex');
const say = text => process.stdout.write(`${text}\n`);

const digits = round => String(1_000 + ((round + 1_000) % 9_000));

/** What is asked of a page; MLflow can be asked for neither text nor metrics of versions. */
const QUESTIONS = [
  { what: 'the newest', query: () => '', inMlflow: true },
  { what: 'page after page', query: () => '', inMlflow: true, pages: true },
  { what: 'best by a metric', query: () => '&sort=metric:metric_3' },
  {
    what: 'page after page by a metric',
    query: () => '&sort=metric:metric_3',
    pages: true,
  },
  {
    what: 'by a metric, where another is at least 0.9',
    query: () =>
      `&sort=metric:metric_3&measured=metric_5${encodeURIComponent('>=')}0.9`,
  },
  { what: 'text, each a new one', query: round => `&q=w${digits(round)}` },
];

function pathOf(model, query, next) {
  return `/api/model-delivery/models/default/${model}/versions?limit=${PAGE}${query}${
    next ? `&cursor=${encodeURIComponent(next)}` : ''
  }`;
}

function mlflowPath(next) {
  const filter = encodeURIComponent(`name = '${ONE}'`);
  return `/api/2.0/mlflow/model-versions/search?filter=${filter}&max_results=${PAGE}&order_by=${encodeURIComponent(
    'version_number DESC',
  )}${next ? `&page_token=${encodeURIComponent(next)}` : ''}`;
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
  try {
    say(`Starting Slipway with ${VERSIONS} and ${10 * VERSIONS} versions …`);
    const url = await startSlipway(programs, server, MODELS, {
      // Read once, and not again while rows are written past it
      modelDelivery: { catalog: { pollInterval: { hours: 24 } } },
    });
    const knex = open(PLUGIN_DATABASE);
    await untilModels(knex, MODELS);
    await seedVersions(knex, `model:default/${ONE}`, VERSIONS);
    await seedVersions(knex, `model:default/${MORE}`, 10 * VERSIONS);
    await knex.raw('vacuum analyze');
    let mlflow;
    if (process.env.SLIPWAY_MLFLOW_VENV) {
      say('Starting MLflow with the same …');
      await open('postgres').raw('create database mlflow');
      mlflow = await startMlflow(programs, server);
      await seedMlflowVersions(open('mlflow'), ONE, VERSIONS);
    } else {
      say('MLflow is left out: SLIPWAY_MLFLOW_VENV names none');
    }

    say(
      `\nPages of ${PAGE}, ${ROUNDS} requests each in turn; load ${loadavg()[0].toFixed(
        1,
      )}; milliseconds\n`,
    );
    say(
      '| | Slipway p50 | Slipway p95 | ten times as many p50 | ten times as many p95 | MLflow p50 | MLflow p95 |',
    );
    say(`| --- |${' ---: |'.repeat(6)}`);
    for (const { what, query, inMlflow, pages } of QUESTIONS) {
      /** Asks for the first page, or for one after the other until there is none. */
      const asking = (base, path, cursorOf) => {
        let next;
        return async round => {
          const { body } = await get(`${base}${path(round, next)}`, TOKEN);
          next = pages ? cursorOf(body) : undefined;
        };
      };
      const slipway = model =>
        asking(
          url,
          (round, next) => pathOf(model, query(round), next),
          body => body.nextCursor,
        );
      const times = await inTurn({
        rounds: ROUNDS,
        warmUp: WARM_UP,
        requests: {
          one: slipway(ONE),
          more: slipway(MORE),
          ...(mlflow &&
            inMlflow && {
              mlflow: asking(
                mlflow,
                (_round, next) => mlflowPath(next),
                body => body.next_page_token,
              ),
            }),
        },
      });
      const cells = ['one', 'more', 'mlflow'].flatMap(name =>
        [0.5, 0.95].map(quantile =>
          times[name] ? percentile(times[name], quantile).toFixed(1) : '',
        ),
      );
      say(`| ${what} | ${cells.join(' | ')} |`);
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
