import {
  coreServices,
  createBackendModule,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  deployersExtensionPoint,
  metricsSourcesExtensionPoint,
} from '@slipway/backstage-plugin-model-delivery-node';
import knexFactory from 'knex';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FakeDeployer } from '../../plugins/model-delivery-backend/src/__testUtils__/FakeDeployer';
import {
  modelEntity,
  peopleEntities,
} from '../../plugins/model-delivery-backend/src/__testUtils__/people';
import { TestScheduler } from '../../plugins/model-delivery-backend/src/__testUtils__/TestScheduler';
import { modelDeliveryPlugin } from '../../plugins/model-delivery-backend/src/plugin';
import { mlflowVenv } from './mlflowPeer';

const CONTRACT = path.resolve(
  __dirname,
  '../../plugins/model-delivery-backend/src/schema/openapi.yaml',
);
/** The same requests each time, so that a change is judged by what it changed; another seed makes others. */
const SEED = process.env.SLIPWAY_SCHEMATHESIS_SEED ?? '4';
/** Requests of each operation at most, of valid and of invalid ones together. */
const EXAMPLES = process.env.SLIPWAY_SCHEMATHESIS_EXAMPLES ?? '3';

const program = mlflowVenv && path.join(mlflowVenv, 'bin/schemathesis');
const isHere = program !== undefined && existsSync(program);
const allow = { result: AuthorizeResult.ALLOW } as const;

(isHere ? describe : describe.skip)(
  `requests that nobody thought of${
    isHere
      ? ''
      : ' (skipped: SLIPWAY_MLFLOW_VENV names no virtual environment with bin/schemathesis)'
  }`,
  () => {
    const scheduler = new TestScheduler();
    const knex = knexFactory({
      client: 'better-sqlite3',
      connection: ':memory:',
      useNullAsDefault: true,
      pool: { min: 1, max: 1 },
    });
    let backend: TestBackend;
    let folder: string;
    let url: string;

    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'slipway-schemathesis-'));
      const deployer = new FakeDeployer();
      backend = await startTestBackend({
        features: [
          modelDeliveryPlugin,
          createBackendModule({
            pluginId: 'model-delivery',
            moduleId: 'fakes',
            register: env =>
              env.registerInit({
                deps: {
                  deployers: deployersExtensionPoint,
                  sources: metricsSourcesExtensionPoint,
                },
                init: async ({ deployers, sources }) => {
                  deployers.addDeployer(deployer);
                  sources.addMetricsSource(deployer);
                },
              }),
          }),
          createServiceFactory({
            service: coreServices.permissions,
            deps: {},
            factory: () => ({
              authorize: async requests => requests.map(() => allow),
              authorizeConditional: async requests => requests.map(() => allow),
            }),
          }),
          createServiceFactory({
            service: coreServices.scheduler,
            deps: {},
            factory: () => scheduler,
          }),
          createServiceFactory({
            service: catalogServiceRef,
            deps: {},
            factory: () =>
              catalogServiceMock({
                entities: [
                  ...peopleEntities(),
                  modelEntity('churn', { risk: 'medium' }),
                ],
              }),
          }),
          mockServices.database.factory({ knex }),
          mockServices.rootConfig.factory({
            data: {
              modelDelivery: {
                workers: { pollInterval: { milliseconds: 100 } },
              },
            },
          }),
        ],
      });
      url = `http://127.0.0.1:${backend.server.port()}/api/model-delivery`;
    });

    afterAll(async () => {
      scheduler.stop();
      await backend?.stop();
      await knex.destroy();
      await rm(folder, { recursive: true, force: true });
    });

    it(`are answered as the contract says, and never by a fault of the server (SLIPWAY_SCHEMATHESIS_SEED=${SEED})`, async () => {
      const { code, output } = await run([
        ...['run', CONTRACT, '--url', url],
        ...['-H', `Authorization: ${mockCredentials.user.header()}`],
        ...['--seed', SEED, '-n', EXAMPLES, '--phases', 'fuzzing'],
        '-c',
        [
          'not_a_server_error',
          'status_code_conformance',
          'content_type_conformance',
          'response_schema_conformance',
        ].join(),
        ...['--no-shrink', '--warnings', 'off', '--no-color'],
      ]);

      expect(code === 0 ? '' : output.slice(-8_000)).toBe('');
      expect(output).toMatch(/Tested:\s+\d+/);
    });

    function run(args: string[]): Promise<{ code: number; output: string }> {
      return new Promise(resolve =>
        execFile(
          program!,
          args,
          { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
          (error, stdout, stderr) =>
            resolve({
              code: error ? Number(error.code ?? 1) : 0,
              output: stdout + stderr,
            }),
        ),
      );
    }
  },
);
