import { join } from 'node:path';
import { nodeTransform, root } from '../../../scripts/lib/paths.mjs';
import { freePort } from './programs.mjs';

/** What a caller of the backend that is measured says it is. */
export const TOKEN = 'slipway-bench-token-slipway-bench-token';
/** Where the engine keeps its tables. */
export const PLUGIN_DATABASE = 'backstage_plugin_model-delivery';

/**
 * Starts the delivery engine alone in a real backend on a PostgreSQL server, with a catalog of that many models.
 * @param {{ program?: string, env?: NodeJS.ProcessEnv, modelDelivery?: object, prefix?: string, name?: string }} more
 *   another program than the one of the list of models, below test/bench; what it is told; its configuration; what the names
 *   of its databases begin with instead of `backstage_plugin_`; what it is called where it fails
 * @returns {Promise<string>} its address
 */
export async function startSlipway(
  programs,
  server,
  models,
  {
    program = 'modelsList/slipwayBackend.ts',
    env = {},
    modelDelivery,
    prefix,
    name = 'Slipway',
  } = {},
) {
  const { hostname, port: databasePort, username } = new URL(server);
  const port = await freePort();
  const config = {
    app: { baseUrl: `http://127.0.0.1:${port}` },
    backend: {
      baseUrl: `http://127.0.0.1:${port}`,
      listen: { host: '127.0.0.1', port },
      database: {
        client: 'pg',
        ...(prefix && { prefix }),
        connection: {
          host: hostname,
          port: Number(databasePort),
          user: username,
          database: 'postgres',
        },
      },
      auth: {
        externalAccess: [
          { type: 'static', options: { token: TOKEN, subject: 'bench' } },
        ],
      },
    },
    ...(modelDelivery && { modelDelivery }),
  };
  const slipway = programs.start(
    name,
    process.execPath,
    [
      '--no-node-snapshot',
      '--require',
      nodeTransform,
      join(root, 'test/bench', program),
      '--config',
      join(root, 'test/bench/modelsList/app-config.yaml'),
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        SLIPWAY_BENCH_MODELS: String(models),
        ...env,
        ...Object.fromEntries(
          Object.entries(config).map(([key, value]) => [
            `APP_CONFIG_${key}`,
            JSON.stringify(value),
          ]),
        ),
      },
    },
  );
  const url = `http://127.0.0.1:${port}`;
  await programs.waitFor(
    slipway,
    `${url}/.backstage/health/v1/readiness`,
    120_000,
  );
  return url;
}

/** Waits until the engine took all models from the catalog. */
export async function untilModels(knex, models) {
  const until = Date.now() + 300_000;
  for (;;) {
    const [{ count }] = await knex('models').count();
    if (Number(count) >= models) {
      return;
    }
    if (Date.now() > until) {
      throw new Error(`The engine took ${count} of ${models} models`);
    }
    await new Promise(resolve => setTimeout(resolve, 1_000));
  }
}
