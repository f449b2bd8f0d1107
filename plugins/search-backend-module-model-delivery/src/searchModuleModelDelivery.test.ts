import {
  coreServices,
  createBackendPlugin,
  SchedulerServiceTaskInvocationDefinition,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import {
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import searchPlugin from '@backstage/plugin-search-backend';
import type { SearchDocument } from '@slipway/backstage-plugin-model-delivery-common';
import request from 'supertest';
import { onlyWhenChanged } from './onlyWhenChanged';
import searchModuleModelDelivery from './index';

jest.setTimeout(30_000);

const document = (name: string, version: string): SearchDocument => ({
  model: `model:default/${name}`,
  namespace: 'default',
  name,
  version,
  digest: `sha256:${version.repeat(64)}`,
  owner: `group:default/${name}-team`,
  lifecycle: 'production',
  risk: 'high',
  title: `${name}, version ${version}`,
  text: `Trained by dana. Commit c0ffee${version}.`,
});

const card: SearchDocument = {
  ...document('fraud', '1'),
  version: undefined,
  digest: undefined,
  title: 'Model card of Fraud',
  text: 'Limitations: Not measured on minors.',
};

describe('the search for model versions and cards', () => {
  let backend: TestBackend;
  /** Two pages. */
  const pages: Record<string, SearchDocument[]> = {
    '': [document('churn', '1'), document('churn', '2')],
    more: [document('fraud', '1')],
  };

  beforeAll(async () => {
    const tasks: (() => Promise<void>)[] = [];
    const scheduler = mockServices.scheduler.mock({
      createScheduledTaskRunner: () => ({
        run: async ({ fn }) => {
          tasks.push(async () => fn(new AbortController().signal));
        },
      }),
    });
    const modelDelivery = createBackendPlugin({
      pluginId: 'model-delivery',
      register: registration =>
        registration.registerInit({
          deps: { router: coreServices.httpRouter },
          init: async ({ router }) => {
            router.use((req: any, res: any) => {
              if (req.query.about === 'cards') {
                res.json({ state: 's1', items: [card] });
                return;
              }
              const cursor = String(req.query.cursor ?? '');
              res.json({
                state: 's1',
                items: pages[cursor],
                ...(cursor === '' && { nextCursor: 'more' }),
              });
            });
          },
        }),
    });
    backend = await startTestBackend({
      features: [
        scheduler.factory,
        searchPlugin,
        searchModuleModelDelivery,
        modelDelivery,
      ],
    });
    for (const run of tasks) {
      await run();
    }
  });
  afterAll(() => backend?.stop());

  async function find(query: string): Promise<{ document: any }[]> {
    const { body } = await request(backend.server)
      .get(`/api/search/query?${query}`)
      .expect(200);
    return body.results;
  }

  it('finds a version by its commit, and leads to it', async () => {
    const found = await find('term=c0ffee2&types[0]=model-version');
    // The first: the search in memory finds similar words too
    expect(found[0].document).toMatchObject({
      title: 'churn, version 2',
      location: `/catalog/default/model/churn/versions?q=sha256%3A${'2'.repeat(
        64,
      )}`,
    });
  });

  it('finds a card by its words, and leads to it', async () => {
    const found = await find('term=minors&types[0]=model-card');
    expect(found[0].document).toMatchObject({
      title: 'Model card of Fraud',
      location: '/catalog/default/model/fraud/card',
      owner: 'group:default/fraud-team',
    });
    expect(await find('term=minors&types[0]=model-version')).toEqual([]);
  });

  it('narrows by owner and kind, with versions of all pages', async () => {
    const dana = 'term=dana&types[0]=model-version';
    const owners = 'filters[owner]=group:default/fraud-team';
    expect(
      (await find(`${dana}&${owners}`)).map(each => each.document.title),
    ).toEqual(['fraud, version 1']);
    expect(await find(`${dana}&filters[kind]=Model`)).toHaveLength(3);
    expect(await find(`${dana}&filters[kind]=Component`)).toHaveLength(0);
  });
});

describe('a task that runs only when something changed', () => {
  let invoke: () => Promise<void>;
  const runner: SchedulerServiceTaskRunner = {
    run: async task => {
      invoke = async () => task.fn(new AbortController().signal);
    },
  };
  const arrange = async (
    fn: SchedulerServiceTaskInvocationDefinition['fn'],
  ) => {
    const world = { state: 'a', at: 0 };
    await onlyWhenChanged(
      runner,
      async () => world.state,
      () => world.at,
    ).run({ id: 'index', fn });
    return world;
  };

  it('rests while nothing changes, though not for hours', async () => {
    const fn = jest.fn();
    const world = await arrange(fn);
    await invoke();
    await invoke();
    expect(fn).toHaveBeenCalledTimes(1);
    world.state = 'b';
    await invoke();
    expect(fn).toHaveBeenCalledTimes(2);
    world.at = 3_600_000;
    await invoke();
    expect(fn).toHaveBeenCalledTimes(3);
  });

  it('tries again what failed', async () => {
    const fn = jest.fn().mockRejectedValueOnce(new Error('no database'));
    await arrange(fn);
    await expect(invoke()).rejects.toThrow('no database');
    await invoke();
    expect(fn).toHaveBeenCalledTimes(2);
  });
});
