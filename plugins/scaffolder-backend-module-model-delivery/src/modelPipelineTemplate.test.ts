import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import { urlReaderServiceFactory } from '@backstage/backend-defaults/urlReader';
import {
  createMockDirectory,
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import catalogModuleScaffolderEntityModel from '@backstage/plugin-catalog-backend-module-scaffolder-entity-model';
import scaffolderPlugin from '@backstage/plugin-scaffolder-backend';
import catalogModuleModel from '@slipway/backstage-plugin-catalog-backend-module-model';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import request from 'supertest';
import { parse } from 'yaml';
import scaffolderModule, { catalogModuleLocalRepositories } from '.';
import { git } from './git';

jest.setTimeout(120_000);

const TEMPLATE = path.resolve(
  __dirname,
  '../../../templates/model-pipeline/template.yaml',
);

const answers = {
  name: 'credit-default',
  title: 'Credit "default": risk',
  intendedUse: 'Rank new applications by the probability of default.',
  outOfScope: ['Existing customers'],
  owner: 'group:default/credit-risk',
  risk: 'high',
  teamSize: 'small',
  repositoryKind: 'local',
};

describe('the template of model pipelines', () => {
  const folder = createMockDirectory();
  let server: Awaited<ReturnType<typeof startTestBackend>>['server'];

  beforeAll(async () => {
    folder.setContent({ 'people.yaml': JSON.stringify(person()) });
    ({ server } = await startTestBackend({
      features: [
        catalogPlugin,
        catalogModuleScaffolderEntityModel,
        catalogModuleModel,
        catalogModuleLocalRepositories,
        scaffolderPlugin,
        scaffolderModule,
        schedulerServiceFactory,
        urlReaderServiceFactory,
        mockServices.rootConfig.factory({
          data: {
            backend: { workingDirectory: folder.path },
            catalog: {
              processingInterval: { seconds: 1 },
              locations: [
                {
                  type: 'file',
                  target: TEMPLATE,
                  rules: [{ allow: ['Template'] }],
                },
                {
                  type: 'file',
                  target: folder.resolve('people.yaml'),
                  rules: [{ allow: ['User'] }],
                },
              ],
            },
            modelDelivery: {
              localRepositories: {
                directory: folder.resolve('repositories'),
                pollInterval: { milliseconds: 200 },
              },
            },
          },
        }),
      ],
    }));
    await eventually(() => entity('template', 'model-pipeline'));
    await eventually(() => entity('user', 'mock'));
  });

  /** The person whom the test backend signs in. */
  function person(): Entity {
    return {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'User',
      metadata: { name: 'mock' },
      spec: {
        memberOf: [],
        profile: { displayName: 'L. Weber', email: 'l.weber@harbour.example' },
      },
    };
  }

  async function entity(kind: string, name: string) {
    const { status, body } = await request(server)
      .get(`/api/catalog/entities/by-name/${kind}/default/${name}`)
      .ok(() => true);
    return status === 200 ? (body as Entity) : undefined;
  }

  async function eventually<T>(read: () => Promise<T | undefined>): Promise<T> {
    for (let attempt = 0; attempt < 300; attempt++) {
      const value = await read();
      if (value !== undefined) {
        return value;
      }
      await new Promise(resolve => setTimeout(resolve, 200));
    }
    throw new Error('It did not happen within 60 s');
  }

  const create = (values: object) =>
    request(server)
      .post('/api/scaffolder/v2/tasks')
      .set('authorization', mockCredentials.user.header())
      .send({ templateRef: 'template:default/model-pipeline', values });

  /** Runs the template to its end. */
  async function run(values: object) {
    const { body } = await create(values).expect(201);
    const task = await eventually(async () => {
      const { body: found } = await request(server)
        .get(`/api/scaffolder/v2/tasks/${body.id}`)
        .set('authorization', mockCredentials.user.header());
      return ['completed', 'failed', 'cancelled'].includes(found.status)
        ? found
        : undefined;
    });
    const { body: events } = await request(server)
      .get(`/api/scaffolder/v2/tasks/${body.id}/events`)
      .set('authorization', mockCredentials.user.header());
    return { status: task.status as string, log: JSON.stringify(events) };
  }

  it('makes a repository that one can clone, by the person, and a model in the catalog', async () => {
    const { status, log } = await run(answers);
    expect(status === 'completed' ? '' : log).toBe('');

    const repository = folder.resolve('repositories/credit-default.git');
    const clone = folder.resolve('clone');
    await git(['clone', '--quiet', repository, clone]);
    await expect(git(['-C', clone, 'log', '--format=%an <%ae>'])).resolves.toBe(
      'L. Weber <l.weber@harbour.example>',
    );
    expect(log).toContain(`git clone ${repository} credit-default`);

    const model = await entity('model', 'credit-default');
    expect(model).toMatchObject({
      metadata: {
        title: answers.title,
        annotations: {
          'slipway.dev/registry': 'mlflow://main/credit-default',
          'slipway.dev/repository': repository,
        },
      },
      spec: {
        owner: answers.owner,
        risk: 'high',
        teamSize: 'small',
        intendedUse: answers.intendedUse,
        outOfScope: answers.outOfScope,
      },
    });
    await eventually(() => entity('component', 'credit-default-pipeline'));
    await eventually(() => entity('resource', 'credit-default-data'));
    await eventually(async () => {
      const found = await entity('model', 'credit-default');
      const relations = (found?.relations ?? []).map(({ type }) => type);
      return ['builtBy', 'ownedBy', 'trainedOn'].every(type =>
        relations.includes(type),
      )
        ? relations
        : undefined;
    });
    // Nothing of the template's own language is left
    const text = await git([
      '-C',
      clone,
      'grep',
      '-l',
      '-F',
      '${{ values',
    ]).catch(() => '');
    expect(text).toBe('');
  });

  it.each([
    ['low', []],
    ['medium', ['candidate.fairness_gap']],
    ['high', ['candidate.fairness_gap', 'candidate.robustness_drop']],
  ])('sets limits that follow from the risk: %s', async (risk, expected) => {
    const name = `limits-${risk}`;
    const { status, log } = await run({ ...answers, name, risk });
    expect(status === 'completed' ? '' : log).toBe('');
    const clone = folder.resolve(name);
    await git([
      'clone',
      '--quiet',
      folder.resolve(`repositories/${name}.git`),
      clone,
    ]);
    const params = parse(readFileSync(path.join(clone, 'params.yaml'), 'utf8'));
    expect(
      params.limits.evaluation
        .map(({ metric }: { metric: string }) => metric)
        .filter((metric: string) => /fairness|robustness/.test(metric)),
    ).toEqual(expected);
    parse(readFileSync(path.join(clone, '.gitlab-ci.yml'), 'utf8'));
  });

  it('does not make the same model twice', async () => {
    const { status, log } = await run(answers);
    expect(status).toBe('failed');
    expect(log).toContain('in the catalog already');
  });

  it.each([
    ['a name with a slash', { name: 'a/b' }],
    ['a name with capitals', { name: 'Credit' }],
    ['no intended use', { intendedUse: '' }],
    ['nothing out of scope', { outOfScope: [] }],
    ['an unknown risk', { risk: 'severe' }],
    ['GitLab without a project', { repositoryKind: 'gitlab' }],
  ])('refuses %s before anything is made', async (_, change) => {
    const { status } = await create({ ...answers, name: 'other', ...change });
    expect(status).toBe(400);
  });
});
