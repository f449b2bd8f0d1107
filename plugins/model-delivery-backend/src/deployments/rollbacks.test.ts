import { TestDatabases } from '@backstage/backend-test-utils';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

describe.each(
  TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] }).eachSupportedId(),
)('rollbacks in the history, on %s', databaseId => {
  const databases = TestDatabases.create({ ids: [databaseId] });
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('credit-default')],
    });
    delivery = new TestDelivery(engine);
  });
  afterEach(() => engine.stop());

  const rollBack = (body: object) =>
    engine.as(people.onCall).post(`${delivery.path}/rollbacks`, {
      reason: 'Nonsense answers',
      ...body,
    });
  const rollBackStaging = async () => {
    const { body } = await rollBack({ environment: 'staging' }).expect(
      answers(201),
    );
    await delivery.until(body.id, 'succeeded');
    engine.clock.advance({ minutes: 5 });
    return body.version;
  };
  const stage = async (version: string) => {
    await delivery.stage(version);
    engine.clock.advance({ minutes: 5 });
  };
  const environment = async (name: string) => {
    const { body } = await engine
      .as(people.outsider)
      .get(delivery.path)
      .expect(answers(200));
    return body.environments.find(
      (each: { name: string }) => each.name === name,
    );
  };

  it('do not offer what was itself rolled back, however well it served before', async () => {
    for (const version of ['v1', 'v2', 'v3']) {
      await delivery.register(version);
      await stage(version);
    }
    expect((await environment('staging')).rollbackTarget.version).toBe('v2');
    expect(await rollBackStaging()).toBe('v2');
    expect((await environment('staging')).rollbackTarget.version).toBe('v1');
    expect(await rollBackStaging()).toBe('v1');
    expect((await environment('staging')).rollbackTarget).toBeNull();
    const { body } = await rollBack({ environment: 'staging' }).expect(
      answers(409),
    );
    expect(body.error.message).toContain('There is no earlier version');
    const named = await rollBack({
      environment: 'staging',
      version: 'v2',
    }).expect(answers(409));
    expect(named.body.error.message).toContain('was rolled back there');
  });

  it('take the next environment away from a version, until it served well again', async () => {
    for (const version of ['v1', 'v2', 'v3']) {
      await delivery.register(version);
      await stage(version);
    }
    await rollBackStaging();
    await rollBackStaging();
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(409));
    expect(body.error.message).toContain('staging');
    await stage('v2');
    const again = await delivery
      .request('v2', 'production')
      .expect(answers(201));
    await delivery.until(again.body.id, 'awaiting-approval');
  });
});
