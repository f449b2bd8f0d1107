import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

const release = (number: number) => [
  { name: 'tools', digest: `tools-${number}` },
  { name: 'prompts/answer', digest: `sha256:${String(number).repeat(64)}` },
];

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('a release on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let engine: TestEngine;

  afterEach(() => engine.stop());

  it('goes in and back with its configuration and prompts', async () => {
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('credit-default')],
    });
    const delivery = new TestDelivery(engine);
    for (const number of [1, 2]) {
      await delivery.register(`v${number}`, { configuration: release(number) });
      await delivery.stage(`v${number}`);
    }
    const target = {
      model: 'model:default/credit-default',
      environment: 'staging',
    };
    engine.deployer.lose(target, 'v1');
    const { body } = await engine
      .as(people.onCall)
      .post(`${delivery.path}/rollbacks`, {
        environment: 'staging',
        version: 'v1',
        reason: 'It answers in another tone',
      })
      .expect(answers(201));
    await delivery.until(body.id, 'succeeded');
    expect(
      engine.deployer.prepared.map(each => [each.version, each.configuration]),
    ).toEqual(
      [1, 2, 1].map(number => [`v${number}`, [...release(number)].reverse()]),
    );
  });
});
