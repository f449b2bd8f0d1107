import { createMockDirectory } from '@backstage/backend-test-utils';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { policiesWith } from '../__testUtils__/rolloutPolicies';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

/** A day of soak before production, which is closed over the weekend. */
const policies = policiesWith({
  soak: '24h',
  freezeWindows:
    "[{ name: weekend, timeZone: Europe/Zurich, weekly: { from: 'fri 17:00', to: 'mon 08:00' } }]",
  rollout: '{ strategy: direct }',
});

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('scheduled promotions on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const directory = createMockDirectory();
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    directory.setContent(policies);
    // Saturday, 10:00 in Zurich
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('credit-default')],
      config: {
        modelDelivery: { policies: { directory: directory.path } },
      },
    });
    delivery = new TestDelivery(engine);
    await delivery.register('v1');
    await delivery.stage('v1');
  });
  afterEach(() => engine.stop());

  const ask = async (version: string) => {
    const { body } = await delivery
      .request(version, 'production')
      .expect(answers(201));
    const { state } = await delivery.until(body.id, promotion =>
      ['awaiting-approval', 'scheduled', 'rolling-out'].includes(
        promotion.state,
      ),
    );
    if (state === 'awaiting-approval') {
      const answer = await delivery.decide(
        body.id,
        people.teamLead,
        'team-lead',
      );
      answers(201)(answer);
    }
    return body.id as string;
  };

  it('wait for the soak, then for the end of the freeze window, and say so', async () => {
    const id = await ask('v1');
    const soaking = await delivery.until(id, promotion =>
      promotion.statement.includes('soaks'),
    );
    expect(soaking.state).toBe('scheduled');
    expect(soaking.statement).toBe(
      'Scheduled: it soaks in staging until 2026-11-22 09:00 UTC, since production asks for 1 d',
    );

    engine.clock.advance({ hours: 25 });
    const frozen = await delivery.until(id, promotion =>
      promotion.statement.includes('frozen'),
    );
    expect(frozen.state).toBe('scheduled');
    // Monday, 08:00 in Zurich, an hour ahead of UTC in November
    expect(frozen.statement).toContain(
      'production is frozen until 2026-11-23 07:00 UTC (weekend)',
    );

    engine.clock.advance({ hours: 22 });
    await delivery.until(id, 'succeeded');
  });

  it('are held when their version left the environment in which it would soak', async () => {
    await delivery.register('v2');
    await delivery.stage('v2');
    const refused = await delivery.request('v1', 'production');
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toMatch(
      /^v1 has not soaked: it served in staging for .* only, and production asks for 1 d; promote it there again$/,
    );
  });

  it('wait for the one that moves traffic, and name it', async () => {
    engine.clock.advance({ hours: 50 });
    await delivery.until(await ask('v1'), 'succeeded');
    for (const version of ['v2', 'v3']) {
      await delivery.register(version);
      await delivery.stage(version);
      engine.clock.advance({ hours: 25 });
    }
    engine.deployer.answerInstead = operation =>
      operation === 'prepare v2' ? { state: 'pending' } : undefined;
    const first = await ask('v2');
    await delivery.until(first, 'rolling-out');
    const second = await ask('v3');
    const queued = await delivery.until(second, promotion =>
      promotion.statement.includes('waits'),
    );
    expect(queued.statement).toBe(
      `Scheduled: it waits for promotion ${first}, which moves traffic of production`,
    );

    engine.deployer.answerInstead = () => undefined;
    engine.clock.advance({ seconds: 2 });
    await delivery.until(first, 'succeeded');
    await delivery.until(second, 'succeeded');
    expect(
      engine.deployer
        .sharesOf({
          model: 'model:default/credit-default',
          environment: 'production',
        })
        .map(each => `${each.version}=${each.share}`),
    ).toEqual(['v3=100']);
  });
});
