/**
 * The delivery engine with the local serving target, as a process of its own that can be killed at any moment: the real
 * plugin on a real PostgreSQL, with real model servers. People, catalog and sign-in are those of the tests.
 *
 * Environment: DATABASE_URL, SERVING_DIRECTORY, POLICIES_DIRECTORY, PORT; MODELS (JSON: name to risk) in place of its own
 * one, TARGET_URL of a target in place of local serving, CLOCK_OFFSET_MS by which its clock is wrong.
 */
import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import localServing from '@slipway/backstage-plugin-model-delivery-backend-module-local-serving';
import { createServer, request } from 'node:http';
import { AddressInfo } from 'node:net';
import path from 'node:path';
import knexFactory from 'knex';
import { clockServiceRef } from '../../plugins/model-delivery-backend/src/clock';
import { modelDeliveryPlugin } from '../../plugins/model-delivery-backend/src/plugin';
import {
  modelEntity,
  peopleEntities,
} from '../../plugins/model-delivery-backend/src/__testUtils__/people';
import { remoteTargetModule } from './remoteTarget';

const {
  CLOCK_OFFSET_MS = '0',
  DATABASE_URL,
  MODELS = '{"survivor":"low"}',
  POLICIES_DIRECTORY,
  PORT,
  SERVING_DIRECTORY,
  TARGET_URL,
} = process.env;
const clockOffset = Number(CLOCK_OFFSET_MS);

async function main() {
  const backend = await startTestBackend({
    features: [
      modelDeliveryPlugin,
      TARGET_URL ? remoteTargetModule(TARGET_URL) : localServing,
      createServiceFactory({
        service: clockServiceRef,
        deps: {},
        factory: () => ({ now: () => new Date(Date.now() + clockOffset) }),
      }),
      // The one of the tests runs a task once; this one keeps waking the workers
      schedulerServiceFactory,
      mockServices.database.factory({
        knex: knexFactory({ client: 'pg', connection: DATABASE_URL }),
      }),
      mockServices.rootConfig.factory({
        data: {
          modelDelivery: {
            policies: { directory: POLICIES_DIRECTORY },
            workers: {
              pollInterval: { milliseconds: 200 },
              lease: { seconds: 2 },
              ...(TARGET_URL && { answerLimit: { seconds: 3 } }),
            },
            localServing: {
              enabled: !TARGET_URL,
              directory: SERVING_DIRECTORY,
              launchers: [
                {
                  scheme: 'test',
                  command: [
                    process.execPath,
                    path.join(__dirname, 'modelServer.mjs'),
                    '${artifactUri}',
                    '--port',
                    '${port}',
                  ],
                  startTimeoutSeconds: 20,
                },
              ],
            },
          },
        },
      }),
      createServiceFactory({
        service: coreServices.permissions,
        deps: {},
        factory: () => ({
          authorize: async requests =>
            requests.map(() => ({ result: AuthorizeResult.ALLOW })),
          authorizeConditional: async requests =>
            requests.map(() => ({ result: AuthorizeResult.ALLOW })),
        }),
      }),
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        factory: () =>
          catalogServiceMock({
            entities: [
              ...peopleEntities(),
              ...Object.entries<string>(JSON.parse(MODELS)).map(
                ([name, risk]) => modelEntity(name, { risk }),
              ),
            ],
          }),
      }),
    ],
  });

  // The test backend chooses its port itself; the test wants one that stays the same after each kill
  const { port } = backend.server.address() as AddressInfo;
  createServer((incoming, answer) => {
    const forwarded = request(
      {
        host: '127.0.0.1',
        port,
        path: incoming.url,
        method: incoming.method,
        headers: incoming.headers,
      },
      response => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    forwarded.on('error', () => answer.destroy());
    incoming.pipe(forwarded);
  }).listen(Number(PORT), '127.0.0.1');
}

main().catch(error => {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
});
