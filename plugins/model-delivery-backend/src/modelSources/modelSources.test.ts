import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { ModelSourceReport } from '@slipway/backstage-plugin-model-delivery-common';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';

jest.setTimeout(60_000);

const PATH = '/model-sources';
const AT = '2026-11-21T08:59:00.000Z';

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('the sources of models, on %s', databaseId => {
  let engine: TestEngine;
  // Said first, so that it ends before its database
  afterAll(() => engine.stop());
  const databases = MigratedDatabases.create({ ids: [databaseId] });

  beforeAll(async () => {
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('churn')],
      decide: (permission, user) => ({
        result:
          user === people.outsider ||
          (user === people.secondOnCall &&
            permission === 'model-delivery.model.read')
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      }),
    });
  });

  const reportOf = (change: Partial<ModelSourceReport> = {}) => ({
    configured: ['mlflow:main', 'ml-boms:vendors'],
    title: 'MLflow main',
    kind: 'mlflow',
    places: ['https://mlflow.example.com'],
    intervalSeconds: 300,
    attemptedAt: AT,
    succeededAt: AT,
    error: null,
    models: 312,
    refused: { count: 0, items: [] },
    conflicts: {
      count: 3,
      items: [
        { model: 'model:default/churn', message: 'with risk low' },
        { model: 'model:default/secret', message: 'with owner x' },
      ],
    },
    ...change,
  });
  const report = (id: string, change: Partial<ModelSourceReport> = {}) =>
    engine.as().put(`${PATH}/${id}`, reportOf(change));
  const list = async (user?: string) =>
    (await engine.as(user).get(PATH).expect(200)).body.items;

  it('are told of as last reported, without naming models that one may not see', async () => {
    await report('mlflow:main').expect(200);
    await report('ml-boms:vendors', {
      title: 'ML-BOMs vendors',
      kind: 'ml-boms',
      succeededAt: null,
      error: 'boms/*.json could not be read',
      intervalSeconds: null,
    }).expect(200);
    const [boms, main] = await list();
    expect(main).toEqual({
      id: 'mlflow:main',
      title: 'MLflow main',
      kind: 'mlflow',
      places: ['https://mlflow.example.com'],
      intervalSeconds: 300,
      attemptedAt: AT,
      succeededAt: AT,
      stale: false,
      error: null,
      models: 312,
      refused: { count: 0, items: [] },
      conflicts: {
        count: 3,
        hidden: 1,
        items: [{ model: 'model:default/churn', message: 'with risk low' }],
      },
    });
    expect(boms).toMatchObject({ stale: true, succeededAt: null });
    const [, forAnother] = await list(people.secondOnCall);
    expect(forAnother.conflicts).toEqual({ count: 3, hidden: 2, items: [] });
    await engine.as(people.outsider).get(PATH).expect(403);
  });

  it('are stale three intervals after they were read', async () => {
    engine.clock.advance({ minutes: 15 });
    expect((await list())[1].stale).toBe(true);
    await report('mlflow:main', {
      attemptedAt: '2026-11-21T09:14:00.000Z',
      succeededAt: '2026-11-21T09:14:00.000Z',
      models: 313,
    }).expect(200);
    // A replica that was slow tells of an earlier reading
    await report('mlflow:main').expect(200);
    expect((await list())[1]).toMatchObject({ stale: false, models: 313 });
  });

  it('are reported by programs, whole, and forgotten when they are configured no more', async () => {
    await engine
      .as(people.platformEngineer)
      .put(`${PATH}/mlflow:main`, reportOf())
      .expect(403);
    await engine.as().put(`${PATH}/a%20b`, reportOf()).expect(400);
    await engine.as().put(`${PATH}/mlflow:other`, reportOf()).expect(400);
    await engine
      .as()
      .put(`${PATH}/mlflow:main`, { ...reportOf(), error: 'x'.repeat(1_001) })
      .expect(400);
    expect(await list()).toHaveLength(2);
    await report('mlflow:main', { configured: ['mlflow:main'] }).expect(200);
    expect(await list()).toHaveLength(1);
  });
});
