import { createMockDirectory } from '@backstage/backend-test-utils';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { policiesWith } from '../__testUtils__/rolloutPolicies';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import {
  answers,
  goodFacts,
  TestDelivery,
} from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('what a version is compared with on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const directory = createMockDirectory();
  let engine: TestEngine;
  let delivery: TestDelivery;

  const start = async (policies?: Record<string, string>) => {
    if (policies) {
      directory.setContent(policies);
    }
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('credit-default')],
      ...(policies && {
        config: { modelDelivery: { policies: { directory: directory.path } } },
      }),
    });
    delivery = new TestDelivery(engine);
  };
  afterEach(() => engine.stop());

  it('is evaluated again when other evidence of the production version comes, also for staging', async () => {
    await start();
    await delivery.register('v5');
    await delivery.deployFirst('v5');
    await delivery.register('v3');
    const { body } = await delivery
      .request('v3', 'staging')
      .expect(answers(201));
    await delivery.until(body.id, 'blocked');

    engine.clock.advance({ minutes: 1 });
    await delivery.report('v5', goodFacts(1), 'again');
    const { state } = await delivery.until(body.id, 'succeeded');
    expect(state).toBe('succeeded');
  });

  it('is told to those who are asked as soon as another version serves', async () => {
    await start(
      policiesWith({
        rollout: '{ strategy: direct }',
        approvals: '[{ role: team-lead, reasonRequired: false }]',
      }),
    );
    const ask = async (version: string) => {
      await delivery.register(version);
      await delivery.stage(version);
      return delivery.askForApproval(version);
    };
    const approve = async (id: string) => {
      answers(201)(await delivery.decide(id, people.teamLead, 'team-lead'));
      await delivery.until(id, 'succeeded');
    };
    await approve(await ask('v1'));
    const second = await ask('v2');
    const third = await ask('v3');
    expect((await delivery.get(third)).from?.version).toBe('v1');
    await approve(second);
    const compared = await delivery.until(
      third,
      promotion =>
        promotion.state === 'awaiting-approval' &&
        promotion.from?.version === 'v2',
    );
    expect(compared.approval.decisions).toEqual([]);

    await engine
      .as(people.onCall)
      .post(`${delivery.path}/rollbacks`, {
        environment: 'production',
        reason: 'Complaints',
      })
      .expect(answers(201));
    await delivery.until(
      third,
      promotion =>
        promotion.state === 'awaiting-approval' &&
        promotion.from?.version === 'v1',
    );
  });
});
