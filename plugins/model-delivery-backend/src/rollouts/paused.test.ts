import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { arrangeServing } from '../__testUtils__/arrangeServing';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { people } from '../__testUtils__/people';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';
import { until } from '../__testUtils__/until';

jest.setTimeout(120_000);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('a canary that is paused, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  let engine: TestEngine;
  let delivery: TestDelivery;
  let id: string;

  beforeEach(async () => {
    ({ engine, delivery } = await arrangeServing(engines, arranged =>
      arranged.stage('v2'),
    ));
    id = await delivery.startStagedCanary('v2');
  });
  afterEach(() => engine.stop());

  /** Lets one analysis interval pass, and waits until the engine has looked. */
  async function look(seconds = 10) {
    let reads = 0;
    const { beforeRead } = engine.deployer;
    engine.deployer.beforeRead = () => {
      reads += 1;
      return beforeRead();
    };
    engine.clock.advance({ seconds });
    await until(async () => reads > 0);
    engine.deployer.beforeRead = beforeRead;
  }

  it('since it was inconclusive goes back within one interval once it fails, and says why', async () => {
    engine.deployer.behave('v2', { requests: 3 });
    engine.clock.advance({ minutes: 151 });
    const paused = await delivery.until(id, 'paused');
    expect(paused.statement).toContain(
      'A person decides: resume or abort. It is watched meanwhile, and goes back by itself if it fails',
    );
    await look();
    expect(delivery.shares()).toBe('v2=5 v1=95');

    engine.deployer.behave('v2', { requests: 20, errorRate: 1 });
    const failing = engine.clock.now().getTime();
    engine.clock.advance({ seconds: 10 });
    const promotion = await delivery.until(id, 'rolled-back');
    expect(delivery.shares()).toBe('v1=100');
    expect(promotion.share).toBe(0);
    expect(
      Date.parse(promotion.rollout!.finishedAt!) - failing,
    ).toBeLessThanOrEqual(11_000);
    expect(promotion.rollout?.steps[0]).toMatchObject({
      state: 'failed',
      samples: 20,
    });
    expect(promotion.history.slice(-3).map(each => each.state)).toEqual([
      'paused',
      'rolling-back',
      'rolled-back',
    ]);
    expect(promotion.statement).toContain('surely beyond the margin');
    const { body } = await engine
      .as(people.riskManager)
      .get('/audit?limit=20')
      .expect(answers(200));
    expect(
      body.items.find(
        (each: { action: string }) => each.action === 'promotion.step-failed',
      ),
    ).toMatchObject({
      actor: 'service:model-delivery',
      summary: expect.stringContaining('v2 failed at 5 % while it was paused'),
    });
    expect(engine.notifications.map(({ payload }) => payload.title)).toContain(
      'v2 failed at 5 % while it was paused',
    );
  });

  it('by a person stays paused while it is well, however long, and is told of once when it cannot be watched', async () => {
    expect((await delivery.transition(id, 'pause')).status).toBe(200);
    for (const seconds of [10, 3_600, 36_000]) {
      await look(seconds);
    }
    const told = () =>
      engine.notifications.filter(
        ({ payload }) =>
          payload.title === 'v2 is paused, and cannot be watched',
      ).length;
    engine.deployer.beforeRead = () => {
      throw new Error('The metrics server does not answer');
    };
    engine.clock.advance({ seconds: 10 });
    const unseen = await delivery.until(id, each => each.error !== null);
    expect(unseen.state).toBe('paused');
    expect(unseen.statement).toContain(
      'It cannot be watched meanwhile: The metrics server does not answer',
    );
    await look();
    await look();
    expect(told()).toBe(1);

    engine.deployer.beforeRead = () => {};
    engine.clock.advance({ seconds: 10 });
    const seen = await delivery.until(id, each => each.error === null);
    expect([seen.state, delivery.shares()]).toEqual(['paused', 'v2=5 v1=95']);
    expect(seen.rollout?.steps[0].state).toBe('running');

    // A person's word still counts, and the step is measured anew
    expect((await delivery.transition(id, 'resume')).status).toBe(200);
    await delivery.untilStep(id, 0);
    expect((await delivery.transition(id, 'pause')).status).toBe(200);
    engine.deployer.behave('v2', { errorRate: 1 });
    engine.clock.advance({ seconds: 10 });
    await delivery.until(id, 'rolled-back');
    expect(delivery.shares()).toBe('v1=100');
  });
});
