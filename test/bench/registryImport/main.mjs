/**
 * What it takes to bring a whole MLflow registry in: how many versions a second, how the backend answers meanwhile, what is read
 * again when it is killed in the middle, and how many requests MLflow gets when but a few versions changed afterwards.
 *
 *     SLIPWAY_MLFLOW_VENV=… node test/bench/registryImport/main.mjs [models]
 *
 * 10,000 models with ten versions each unless told otherwise, each version from a run and with a logged model. Needs PostgreSQL's
 * programs, and a Python environment with mlflow and psycopg2-binary.
 */
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';
import { findPostgres, startPostgres } from '../../../scripts/lib/postgres.mjs';
import { startCountingProxy } from '../lib/countingProxy.mjs';
import { get } from '../lib/get.mjs';
import { startMlflow } from '../lib/mlflow.mjs';
import { percentile } from '../lib/percentiles.mjs';
import { Programs } from '../lib/programs.mjs';
import {
  PLUGIN_DATABASE,
  startSlipway,
  TOKEN,
  untilModels,
} from '../lib/slipway.mjs';
import { seedRegistry } from './seed.mjs';

const MODELS = Number(process.argv[2] ?? 10_000);
const VERSIONS_PER_MODEL = 10;
const VERSIONS = MODELS * VERSIONS_PER_MODEL;
/** How many versions are changed at a time, after the import. */
const CHANGES = [1, 10, 100];
const LIMIT_MS = 3 * 3_600_000;
const QUIET_MS = 12_000;
/** How often the page of the registries asks. */
const LOOK_MS = 5_000;

const require = createRequire(join(root, 'plugins/model-delivery-backend/'));
const knexOf = require('knex');
const say = text => process.stdout.write(`${text}\n`);
const wait = milliseconds =>
  new Promise(done => setTimeout(done, milliseconds));
const sum = counts => [...counts.values()].reduce((all, each) => all + each, 0);
const spread = times =>
  `p50 ${percentile(times, 0.5).toFixed(0)} ms, p95 ${percentile(
    times,
    0.95,
  ).toFixed(0)} ms`;
const inWords = counts =>
  [...counts].map(([what, count]) => `${count} ${what}`).join(', ') || 'none';

async function main() {
  const postgres = findPostgres();
  if (!postgres || !process.env.SLIPWAY_MLFLOW_VENV) {
    throw new Error(
      'It needs PostgreSQL (Debian: apt-get install postgresql), and SLIPWAY_MLFLOW_VENV',
    );
  }
  const programs = new Programs();
  const cluster = await startPostgres(postgres);
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
  let proxy;
  try {
    await open('postgres').raw('create database mlflow');
    const mlflow = await startMlflow(programs, cluster.connectionString);
    const names = Array.from(
      { length: MODELS },
      (_, index) => `model-${String(index).padStart(5, '0')}`,
    );
    await seedRegistry(open('mlflow'), names, VERSIONS_PER_MODEL);
    proxy = await startCountingProxy(mlflow);
    const start = () =>
      startSlipway(programs, cluster.connectionString, MODELS, {
        env: { SLIPWAY_BENCH_REGISTRY: 'mlflow://main' },
        modelDelivery: {
          mlflow: { main: { baseUrl: proxy.url, evaluations: true } },
          registries: { pollInterval: { seconds: 5 } },
        },
      });
    say(
      `${MODELS} models with ${VERSIONS} versions; load ${loadavg()[0].toFixed(
        1,
      )}`,
    );
    let url = await start();
    const knex = open(PLUGIN_DATABASE);
    await untilModels(knex, MODELS);
    // What the engine counts itself: counting rows would keep the database busy
    const registered = async () =>
      Number((await knex('models').sum('version_count'))[0].sum);
    const ask = async (times, path) => {
      const { time, body } = await get(
        `${url}/api/model-delivery/${path}`,
        TOKEN,
      );
      times.push(time);
      return body;
    };

    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    const pages = [];
    const looks = [];
    let lookAt = 0;
    let memory = 0;
    let killedAt;
    let readAfter;
    let told = 0;
    for (;;) {
      const done = await registered();
      await ask(pages, 'models?limit=50');
      memory = Math.max(memory, programs.memoryOf('Slipway'));
      if (performance.now() >= lookAt) {
        lookAt = performance.now() + LOOK_MS;
        const { items } = await ask(looks, 'registries');
        const [{ import: progress, versions, toRegister }] = items;
        const reached = (versions + done) / 2 / VERSIONS;
        if (reached >= told) {
          told = reached + 0.1;
          say(
            `after ${seconds().toFixed(0)} s: ${
              progress
                ? `${progress.versions} read, up to ${progress.reachedAt}`
                : `${versions} read`
            }, ${toRegister} to be registered, ${done} registered; ${programs.memoryOf(
              'Slipway',
            )} MiB`,
          );
        }
        if (killedAt === undefined && versions >= VERSIONS / 3) {
          killedAt = versions;
          await programs.kill('Slipway');
          say(
            `killed after ${killedAt} versions: ${inWords(
              proxy.take(),
            )} were asked of MLflow`,
          );
          url = await start();
        }
        if (readAfter === undefined && versions >= VERSIONS) {
          readAfter = seconds();
        }
      }
      if (done >= VERSIONS) {
        break;
      }
      if (seconds() * 1000 > LIMIT_MS) {
        throw new Error(`Only ${done} of ${VERSIONS} versions came`);
      }
      await wait(500);
    }
    say(
      `then, to the end: ${inWords(proxy.take())}
all ${VERSIONS} versions were read after ${readAfter.toFixed(
        0,
      )} s and registered after ${seconds().toFixed(
        0,
      )} s, the restart and the time until the claim of the killed one ended among it
a page of models meanwhile: ${spread(
        pages,
      )}; the state of the registry: ${spread(
        looks,
      )}; at most ${memory} MiB of memory`,
    );

    for (const changes of CHANGES) {
      await wait(QUIET_MS);
      proxy.take();
      for (let at = 0; at < changes; at++) {
        const response = await fetch(
          `${mlflow}/api/2.0/mlflow/model-versions/update`,
          {
            method: 'PATCH',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({
              name: names[(at * 7919) % MODELS],
              version: '1',
              description: `Changed with ${changes}`,
            }),
          },
        );
        if (!response.ok) {
          throw new Error(`MLflow answered ${response.status}`);
        }
      }
      await wait(QUIET_MS);
      const counts = proxy.take();
      say(
        `${changes} changed of ${VERSIONS}: ${sum(counts)} requests (${inWords(
          counts,
        )})`,
      );
    }
    await wait(QUIET_MS);
    say(`nothing changed: ${inWords(proxy.take())} in ${QUIET_MS / 1000} s`);
  } finally {
    proxy?.stop();
    await Promise.all(databases.map(knex => knex.destroy()));
    await programs.stop();
    cluster.stop();
  }
}

await main();
