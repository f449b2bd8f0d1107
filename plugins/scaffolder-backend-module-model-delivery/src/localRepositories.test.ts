import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import {
  createMockDirectory,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import catalogModuleModel from '@slipway/backstage-plugin-catalog-backend-module-model';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { catalogModuleLocalRepositories } from '.';
import { git } from './git';
import { LocalRepositories } from './LocalRepositories';

jest.setTimeout(60_000);

const author = { name: 'Ada', email: 'ada@example.com' };

const modelYaml = (name: string, more = '') => `
apiVersion: slipway.dev/v1alpha1
kind: Model
metadata: { name: ${name} }
spec:
  type: classifier
  lifecycle: experimental
  owner: group:default/team
  risk: low
  teamSize: small
  intendedUse: Testing
  builtBy: ${name}-pipeline
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ${name}-pipeline }
spec: { type: model-pipeline, lifecycle: experimental, owner: team }
${more}`;

describe('local repositories', () => {
  const folder = createMockDirectory();

  async function publish(
    repositories: LocalRepositories,
    name: string,
    text: string,
  ) {
    const source = folder.resolve(`source-${name}`);
    mkdirSync(source, { recursive: true });
    writeFileSync(path.join(source, 'catalog-info.yaml'), text);
    return repositories.create({
      name,
      source,
      branch: 'main',
      author,
      message: 'First',
    });
  }

  /** Pushes another catalog file, as a person with a clone does. */
  async function push(repository: string, text: string) {
    const clone = folder.resolve(
      `clone-${Date.now()}-${Math.floor(performance.now())}`,
    );
    await git(['clone', '--quiet', repository, clone]);
    writeFileSync(path.join(clone, 'catalog-info.yaml'), text);
    await git([
      '-C',
      clone,
      '-c',
      'user.name=Bo',
      '-c',
      'user.email=bo@example.com',
      'commit',
      '--quiet',
      '--all',
      '--message',
      'Change',
    ]);
    await git(['-C', clone, 'push', '--quiet', 'origin', 'HEAD']);
  }

  it.each(['..', '../x', 'a/b', 'A', '', '-a', 'a--b', '.git', 'a'.repeat(64)])(
    'refuses the name %j',
    name => {
      const repositories = new LocalRepositories({ directory: folder.path });
      expect(() => repositories.pathOf(name)).toThrow(
        /cannot be the name of a repository/,
      );
    },
  );

  it('refuses a second repository of a name, and leaves the first alone', async () => {
    const repositories = new LocalRepositories({
      directory: folder.resolve('twice'),
    });
    const { commit } = await publish(repositories, 'm', modelYaml('m'));
    await expect(publish(repositories, 'm', modelYaml('m'))).rejects.toThrow(
      /exists already/,
    );
    await expect(repositories.head('m')).resolves.toBe(commit);
    await expect(repositories.list()).resolves.toEqual(['m']);
  });

  it('finds HEAD after git packed the references', async () => {
    const repositories = new LocalRepositories({
      directory: folder.resolve('packed'),
    });
    const made = await publish(repositories, 'm', modelYaml('m'));
    await git(['-C', made.path, 'gc', '--quiet']);
    await expect(repositories.head('m')).resolves.toBe(made.commit);
  });

  it('keeps the history that was pushed', async () => {
    const repositories = new LocalRepositories({
      directory: folder.resolve('history'),
    });
    const { path: repository } = await publish(
      repositories,
      'm',
      modelYaml('m'),
    );
    const clone = folder.resolve('history-clone');
    await git(['clone', '--quiet', repository, clone]);
    await git([
      '-C',
      clone,
      '-c',
      'user.name=B',
      '-c',
      'user.email=b@x.example',
      'commit',
      '--quiet',
      '--amend',
      '--message',
      'Rewritten',
    ]);
    await expect(
      git(['-C', clone, 'push', '--force', 'origin', 'HEAD']),
    ).rejects.toThrow(/denying non-fast-forward/);
  });

  describe('in a catalog', () => {
    const directory = () => folder.resolve('served');
    let server: Awaited<ReturnType<typeof startTestBackend>>['server'];
    let repositories: LocalRepositories;

    beforeAll(async () => {
      repositories = new LocalRepositories({ directory: directory() });
      ({ server } = await startTestBackend({
        features: [
          catalogPlugin,
          catalogModuleModel,
          catalogModuleLocalRepositories,
          schedulerServiceFactory,
          mockServices.rootConfig.factory({
            data: {
              catalog: {
                processingInterval: { seconds: 1 },
                orphanStrategy: 'delete',
              },
              modelDelivery: {
                localRepositories: {
                  directory: directory(),
                  pollInterval: { milliseconds: 200 },
                },
              },
            },
          }),
        ],
      }));
    });

    const read = async (kind: string, name: string) => {
      const { status, body } = await request(server)
        .get(`/api/catalog/entities/by-name/${kind}/default/${name}`)
        .ok(() => true);
      return status === 200 ? (body as Entity) : undefined;
    };

    async function eventually(check: () => Promise<unknown>) {
      let value: unknown;
      for (let attempt = 0; attempt < 200; attempt++) {
        value = await check();
        if (value) {
          return value;
        }
        await new Promise(resolve => setTimeout(resolve, 100));
      }
      throw new Error('It did not happen within 20 s');
    }

    it('brings a new repository into the catalog, and follows its pushes', async () => {
      const made = await publish(repositories, 'churn', modelYaml('churn'));
      const entity = (await eventually(() => read('model', 'churn'))) as Entity;
      expect(entity.metadata.annotations).toMatchObject({
        'slipway.dev/repository': made.path,
        'backstage.io/managed-by-location': `local-repository:${made.path}/catalog-info.yaml`,
      });
      await eventually(() => read('component', 'churn-pipeline'));

      await push(
        made.path,
        modelYaml('churn').replace('risk: low', 'risk: high').split('---')[0],
      );
      await eventually(
        async () => (await read('model', 'churn'))?.spec?.risk === 'high',
      );
      await eventually(
        async () => !(await read('component', 'churn-pipeline')),
      );
    });

    it('keeps the last version that could be read when a push breaks the file', async () => {
      const { path: repository } = await publish(
        repositories,
        'broken',
        modelYaml('broken'),
      );
      await eventually(() => read('model', 'broken'));
      await push(repository, 'kind: [');
      await publish(repositories, 'after', modelYaml('after'));
      await eventually(() => read('model', 'after'));
      await expect(read('model', 'broken')).resolves.toBeDefined();
    });

    it('lets no repository bring people, groups, or what belongs to another', async () => {
      await publish(
        repositories,
        'credit-default',
        modelYaml('credit-default'),
      );
      await eventually(() => read('model', 'credit-default'));
      await publish(
        repositories,
        'credit',
        `${modelYaml('credit')}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: credit-admins }
spec: { type: role, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: { name: credit-default-pipeline }
spec: { type: dataset, owner: intruder }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: payments }
spec: { type: service, lifecycle: production, owner: intruder }
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: { name: credit-data }
spec: { type: dataset, owner: team }
`,
      );
      await eventually(() => read('resource', 'credit-data'));
      await expect(read('group', 'credit-admins')).resolves.toBeUndefined();
      await expect(read('component', 'payments')).resolves.toBeUndefined();
      await expect(
        read('resource', 'credit-default-pipeline'),
      ).resolves.toBeUndefined();
    });
  });
});
