import {
  coreServices,
  createBackendModule,
  createServiceFactory,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import {
  CatalogService,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import knexFactory from 'knex';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeWithMlflow, MlflowServer, startMlflow } from './mlflowPeer';

const MODELS = 120;
const PATIENCE_MS = 120_000;

describeWithMlflow('the catalog beside a real MLflow server', () => {
  let mlflow: MlflowServer;
  let folder: string;
  let file: string;
  let catalog: CatalogService;
  const ending = new AbortController();
  const knex = knexFactory({
    client: 'better-sqlite3',
    connection: ':memory:',
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
  let backend: Awaited<ReturnType<typeof startTestBackend>>;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'slipway-catalog-'));
    file = path.join(folder, 'catalog-info.yaml');
    await writeFile(file, locationFile());
    mlflow = await startMlflow();
    for (let index = 0; index < MODELS; index++) {
      await create(`model ${index}`, index % 2 ? STATED : {});
    }
    backend = await startTestBackend({
      features: [
        import('@backstage/plugin-catalog-backend'),
        import('../../plugins/catalog-backend-module-model/src'),
        import('../../plugins/catalog-backend-module-model-sources/src'),
        mockServices.database.factory({ knex }),
        createServiceFactory({
          service: coreServices.scheduler,
          deps: {},
          factory: () => again(ending.signal),
        }),
        mockServices.rootConfig.factory({ data: configuration() }),
        createBackendModule({
          pluginId: 'catalog',
          moduleId: 'test',
          register(module) {
            module.registerInit({
              deps: { service: catalogServiceRef },
              async init({ service }) {
                catalog = service;
              },
            });
          },
        }),
      ],
    });
  }, 240_000);
  afterAll(async () => {
    ending.abort();
    await backend?.stop();
    await knex.destroy();
    await mlflow?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const STATED = {
    owner: 'group:default/credit-risk',
    risk: 'low',
    'team-size': 'small',
    'intended-use': 'Tests.',
    framework: 'scikit-learn',
  };

  const configuration = () => ({
    catalog: {
      processingInterval: { seconds: 1 },
      rules: [{ allow: ['Model', 'Location'] }],
      locations: [{ type: 'file', target: file }],
      providers: {
        slipway: {
          mlflow: {
            main: {
              schedule: {
                frequency: { seconds: 2 },
                timeout: { minutes: 1 },
                initialDelay: { seconds: 1 },
              },
            },
          },
        },
      },
    },
    modelDelivery: { mlflow: { main: { baseUrl: mlflow.url } } },
  });

  async function ask(method: string, action: string, body: object) {
    const answer = await fetch(
      `${mlflow.url}/api/2.0/mlflow/registered-models/${action}`,
      {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      },
    );
    expect(answer.status).toBe(200);
  }
  const create = (name: string, tags: Record<string, string> = {}) =>
    ask('POST', 'create', {
      name,
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    });

  const models = async () =>
    new Map(
      (
        await catalog.getEntities(
          { filter: { kind: 'model' } },
          { credentials: mockCredentials.service() },
        )
      ).items.map(entity => [entity.metadata.name, entity]),
    );

  async function until(
    isSo: (found: Map<string, Entity>) => boolean,
  ): Promise<Map<string, Entity>> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      // Connections that were kept alive may end while they are used, on a busy machine
      const found = await models().catch(() => new Map<string, Entity>());
      if (isSo(found)) {
        return found;
      }
      if (Date.now() > deadline) {
        throw new Error(
          `It did not come to that; there are ${found.size} models`,
        );
      }
      await new Promise(resolve => setTimeout(resolve, 500));
    }
  }

  it('has its registered models as entities, as they change', async () => {
    const found = await until(all => all.size === MODELS);
    expect(found.get('model-0')).toMatchObject({
      metadata: {
        title: 'model 0',
        annotations: {
          'slipway.dev/registry': 'mlflow://main/model%200',
          'slipway.dev/to-be-completed': 'owner,risk,teamSize,intendedUse',
        },
      },
      spec: { risk: 'high', teamSize: 'large' },
    });
    expect(found.get('model-1')).toMatchObject({
      metadata: { annotations: { 'slipway.dev/framework': 'sklearn' } },
      spec: { owner: 'group:default/credit-risk', risk: 'low' },
      relations: [{ type: 'ownedBy', targetRef: 'group:default/credit-risk' }],
    });

    await create('🚀 التنبؤ');
    await ask('POST', 'rename', { name: 'model 2', new_name: 'renamed' });
    await ask('DELETE', 'delete', { name: 'model 3' });
    await ask('PATCH', 'update', { name: 'model 4', description: 'Described' });
    await ask('POST', 'set-tag', {
      name: 'model 6',
      key: 'risk',
      value: 'low',
    });
    const changed = await until(
      all =>
        all.has('renamed') &&
        !all.has('model-2') &&
        !all.has('model-3') &&
        all.get('model-4')?.metadata.description === 'Described' &&
        all.get('model-6')?.spec?.risk === 'low' &&
        [...all.values()].some(each => each.metadata.title === '🚀 التنبؤ'),
    );
    expect(changed.size).toBe(MODELS);
  });

  it('gives way to a file that somebody wrote, says so there, and comes back', async () => {
    await writeFile(
      file,
      [
        locationFile(),
        writtenModel('loans', 'mlflow://main/model 11'),
        writtenModel('model-12'),
      ].join('---\n'),
    );
    const found = await until(
      all =>
        !all.has('model-11') &&
        alsoFoundIn(all.get('loans')) !== undefined &&
        alsoFoundIn(all.get('model-12')) !== undefined,
    );
    expect(alsoFoundIn(found.get('loans'))).toBe(
      'MLflow main as model 11, with owner group:default/credit-risk, risk low there',
    );
    expect(alsoFoundIn(found.get('model-12'))).toContain(
      'MLflow main as model 12; the annotation slipway.dev/registry: mlflow://main/model%2012 in this file',
    );
    expect(found.get('model-12')?.spec?.risk).toBe('medium');

    await writeFile(file, locationFile());
    await until(
      all =>
        all.has('model-11') &&
        !all.has('loans') &&
        all.get('model-12')?.spec?.risk === 'high',
    );
  });

  it('loses nothing when the server is gone', async () => {
    await mlflow.stop();
    await new Promise(resolve => setTimeout(resolve, 5_000));
    await until(all => all.size === MODELS);
  });
});

/** Runs each task again a second after it ended. Backstage's own goes on for a minute after its backend has stopped. */
const again = (signal: AbortSignal) =>
  ({
    scheduleTask: async ({ fn }) => {
      void (async () => {
        while (!signal.aborted) {
          await fn(signal);
          await new Promise(resolve => setTimeout(resolve, 1_000));
        }
      })();
    },
  } as Pick<SchedulerService, 'scheduleTask'> as SchedulerService);

const alsoFoundIn = (entity?: Entity) =>
  entity?.metadata.annotations?.['slipway.dev/also-found-in'];

/** A file needs one entity at least. */
const locationFile = () => `apiVersion: backstage.io/v1alpha1
kind: Location
metadata: { name: here }
spec: { targets: [] }
`;

const writtenModel = (
  name: string,
  registry?: string,
) => `apiVersion: slipway.dev/v1alpha1
kind: Model
metadata:
  name: ${name}
${
  registry ? `  annotations: { slipway.dev/registry: '${registry}' }\n` : ''
}spec:
  type: classifier
  lifecycle: production
  owner: group:default/loans
  risk: medium
  teamSize: small
  intendedUse: Tests.
`;
