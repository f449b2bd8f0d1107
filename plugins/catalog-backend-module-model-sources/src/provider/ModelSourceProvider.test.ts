import { TestDatabases } from '@backstage/backend-test-utils';
import {
  connectProvider,
  emptyReading,
  FakeCatalog,
  FakeSource,
} from '../__testUtils__/FakeCatalog';
import { FoundModelsStore } from '../store/FoundModelsStore';
import { migrate } from '../store/openStore';

jest.setTimeout(60_000);

describe.each(
  TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] }).eachSupportedId(),
)('a provider of models on %s', databaseId => {
  const databases = TestDatabases.create({ ids: [databaseId] });
  let store: FoundModelsStore;
  beforeAll(async () => {
    const knex = await databases.init(databaseId);
    await migrate(knex);
    store = new FoundModelsStore(knex);
  });
  afterEach(() => store.keepOnly([]));

  async function start() {
    const catalog = new FakeCatalog();
    const source = new FakeSource();
    return {
      catalog,
      source,
      provider: await connectProvider(source, catalog, store),
    };
  }

  it('provides what is new, changed and renamed, removes what is gone, and says nothing of the rest', async () => {
    const { catalog, source, provider } = await start();
    const names = Array.from({ length: 450 }, (_, index) => `model ${index}`);
    source.hold(...names);
    await provider.run();
    expect(catalog.provided.size).toBe(450);
    expect(catalog.mutations.map(({ added }) => added)).toEqual([200, 200, 50]);
    expect(catalog.provided.get('model:default/model-7')).toMatchObject({
      metadata: {
        title: 'model 7',
        annotations: {
          'slipway.dev/registry': 'mlflow://main/model%207',
          'slipway.dev/to-be-completed': 'owner,risk,teamSize,intendedUse',
        },
      },
      spec: { risk: 'high', owner: 'group:default/unknown' },
    });

    catalog.mutations = [];
    await provider.run();
    expect(catalog.mutations).toEqual([]);

    source.hold(...names.slice(2), 'Model one', {
      source: 'model 1',
      name: 'model 1',
      description: 'Described by now',
      spec: {},
    });
    await provider.run();
    expect(catalog.provided.size).toBe(450);
    expect(catalog.names).not.toContain('model:default/model-0');
    expect(catalog.names).toContain('model:default/model-one');
    expect(
      catalog.provided.get('model:default/model-1')?.metadata.description,
    ).toBe('Described by now');
    expect(catalog.mutations.flatMap(({ added }) => added)).toEqual(
      expect.arrayContaining([expect.any(Number)]),
    );
    expect(catalog.mutations.reduce((sum, { added }) => sum + added, 0)).toBe(
      2,
    );
  });

  it('changes nothing when the source is down, and removes nothing when most is missing at once', async () => {
    const { catalog, source, provider } = await start();
    source.hold('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
    await provider.run();
    source.trouble = new Error('MLflow cannot be reached');
    await provider.run();
    expect(catalog.provided.size).toBe(8);
    await expect(store.findSource('mlflow:main')).resolves.toMatchObject({
      error: 'MLflow cannot be reached',
    });

    source.trouble = undefined;
    source.hold();
    await provider.run();
    source.hold('a', 'b');
    await provider.run();
    expect(catalog.provided.size).toBe(8);
    const state = await store.findSource('mlflow:main');
    expect(state?.error).toContain('6 of 8 models are not there any more');

    source.hold('a', 'b', 'c', 'd');
    await provider.run();
    expect(catalog.provided.size).toBe(4);
    await expect(store.findSource('mlflow:main')).resolves.toMatchObject({
      error: null,
    });
  });

  it('withholds what somebody wrote, says so there, and provides it again afterwards', async () => {
    const { catalog, source, provider } = await start();
    source.hold('Credit default', 'churn', 'fraud');
    await provider.run();
    catalog.write('model:default/loans', {
      'slipway.dev/registry': 'mlflow://main/Credit default',
    });
    catalog.write('model:default/churn');
    catalog.write('model:default/fraud', {
      'slipway.dev/registry': 'mlflow://other/fraud',
    });
    await provider.run();
    expect(catalog.names).toEqual([
      expect.stringMatching(/^model:default\/fraud-[0-9a-f]{8}$/),
    ]);
    expect(catalog.refreshed.sort()).toEqual([
      'model:default/churn',
      'model:default/loans',
    ]);
    await expect(store.findWrittenAs('model:default/loans')).resolves.toEqual([
      expect.objectContaining({ title: 'MLflow main' }),
    ]);

    catalog.written.clear();
    await provider.run();
    expect(catalog.names).toContain('model:default/credit-default');
    expect(catalog.names).toContain('model:default/churn');
  });

  it('reports how each reading went, with what somebody wrote otherwise', async () => {
    const { catalog, source, provider } = await start();
    source.hold('fraud', 'loans', {
      source: 'churn',
      name: 'churn\n\u202e',
      registry: 'mlflow://main/churn',
      spec: { risk: 'low' },
    });
    catalog.write('model:default/churn', {}, { risk: 'high' });
    catalog.write('model:default/loans', {
      'slipway.dev/registry': 'mlflow://main/loans',
    });
    await provider.run();
    expect(catalog.reports).toEqual([
      {
        configured: ['mlflow:main'],
        title: 'MLflow main',
        kind: 'mlflow',
        places: ['https://mlflow.example.com'],
        intervalSeconds: 300,
        attemptedAt: '1970-01-01T00:00:00.000Z',
        succeededAt: '1970-01-01T00:00:00.000Z',
        error: null,
        models: 3,
        refused: { count: 0, items: [] },
        conflicts: {
          count: 1,
          items: [
            {
              model: 'model:default/churn',
              message:
                'Called churn there, with risk low; the annotation slipway.dev/registry: mlflow://main/churn in its catalog-info.yaml would connect its versions',
            },
          ],
        },
      },
    ]);

    source.trouble = new Error('MLflow cannot be reached');
    await provider.run();
    expect(catalog.reports[1]).toMatchObject({
      error: 'MLflow cannot be reached',
      models: 3,
      conflicts: { count: 1 },
    });
  });

  it('gives colliding names the same entities whatever their order, and keeps a name that is taken', async () => {
    const { catalog, source, provider } = await start();
    source.hold('Credit Default', 'credit default', '🚀', 'نموذج');
    await provider.run();
    const [first, ...others] = catalog.names;
    expect(first).toBe('model:default/credit-default');
    expect(others).toEqual([
      expect.stringMatching(/^model:default\/credit-default-[0-9a-f]{8}$/),
      expect.stringMatching(/^model:default\/model-[0-9a-f]{8}$/),
      expect.stringMatching(/^model:default\/model-[0-9a-f]{8}$/),
    ]);
    const before = catalog.names;
    source.hold(
      'نموذج',
      'credit-default',
      '🚀',
      'credit default',
      'Credit Default',
    );
    await provider.run();
    expect(catalog.names).toEqual(expect.arrayContaining(before));
    expect(catalog.provided.size).toBe(5);
  });

  it('keeps the last good of what is refused and of targets that did not change', async () => {
    const { catalog, source, provider } = await start();
    const found = ['a', 'b', 'c'].map(name => ({
      draft: { source: name, name, spec: {} },
      target: name === 'c' ? 'two' : 'one',
    }));
    source.reading = { ...emptyReading(), found };
    await provider.run();
    source.reading = {
      ...emptyReading(),
      found: found.slice(1, 2),
      unchangedTargets: ['two'],
      refused: [
        { source: 'a', message: 'is larger than 1 MiB', target: 'one' },
      ],
    };
    await provider.run();
    // Nothing changes: it is as refused as it was
    source.reading = { ...emptyReading(), unchangedTargets: ['one', 'two'] };
    await provider.run();
    expect(catalog.reports.at(-1)).toMatchObject({
      refused: {
        count: 1,
        items: [{ source: 'a', message: 'is larger than 1 MiB' }],
      },
    });
    expect(catalog.provided.size).toBe(3);
    expect(
      catalog.provided.get('model:default/a')?.metadata.annotations,
    ).toMatchObject({
      'slipway.dev/source-notes':
        'As it stands now it is refused: it is larger than 1 MiB',
    });
    source.reading = { ...emptyReading(), found };
    await provider.run();
    expect(
      catalog.provided.get('model:default/a')?.metadata.annotations,
    ).not.toHaveProperty('slipway.dev/source-notes');
    expect(catalog.reports.at(-1)).toMatchObject({ refused: { count: 0 } });
  });
});
