import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { arrangeServing } from '../__testUtils__/arrangeServing';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { people } from '../__testUtils__/people';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('a step that runs, on %s', databaseId => {
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

  /** Lets the engine look at the step as often as it wants to. */
  const looks = () => new Promise(resolve => setTimeout(resolve, 300));

  it('with errors alone is stopped within one analysis interval, long before its window ends', async () => {
    engine.deployer.behave('v2', { errorRate: 1, requests: 20 });
    engine.clock.advance({ seconds: 10 });
    const promotion = await delivery.until(id, 'rolled-back');
    expect(delivery.shares()).toBe('v1=100');
    const [step] = promotion.rollout!.steps;
    const since = (moment: string | null | undefined) =>
      (Date.parse(moment!) - Date.parse(step.startedAt!)) / 1000;
    expect(since(step.endsAt)).toBe(900);
    expect(since(step.judgedAt)).toBe(10);
    expect(since(promotion.rollout?.finishedAt)).toBe(10);
    expect([step.state, step.samples]).toEqual(['failed', 20]);
    expect(step.analysis.map(each => each.verdict)).toEqual([
      'fail',
      'inconclusive',
    ]);
    expect(step.analysis[0].difference).toMatchObject({
      estimate: 1,
      level: 0.99,
    });
    expect(promotion.statement).toContain(
      'Error rate is 100 % against 0 % and surely beyond the margin of +1 points after 20 answers',
    );
  });

  it('is stopped as well while its window is extended for want of samples', async () => {
    engine.deployer.behave('v2', { requests: 3 });
    engine.clock.advance({ minutes: 20 });
    await looks();
    expect((await delivery.get(id)).state).toBe('rolling-out');
    engine.deployer.behave('v2', { requests: 15, errorRate: 0.6 });
    engine.clock.advance({ seconds: 10 });
    await delivery.until(id, 'rolled-back');
    expect(delivery.shares()).toBe('v1=100');
  });

  it('is let be while errors may be chance, and is never passed early', async () => {
    engine.deployer.behave('v2', { errorRate: 0.015 });
    for (let i = 0; i < 5; i++) {
      engine.clock.advance({ minutes: 2 });
      await looks();
    }
    engine.deployer.behave('v2', {});
    engine.clock.advance({ minutes: 4, seconds: 59 });
    await looks();
    const { rollout } = await delivery.get(id);
    expect(rollout?.steps.map(each => each.state)).toEqual([
      'running',
      'pending',
      'pending',
      'pending',
    ]);
    engine.clock.advance({ seconds: 1 });
    await delivery.untilStep(id, 1);
  });

  it('goes on when its signals could not be read for a moment', async () => {
    engine.deployer.beforeRead = () => {
      throw new Error('The metrics server does not answer');
    };
    engine.clock.advance({ seconds: 10 });
    const errored = await delivery.until(id, 'errored');
    expect(errored.error).toMatchObject({
      message: 'The metrics server does not answer',
      attempts: 1,
    });
    expect(delivery.shares()).toBe('v2=5 v1=95');
    engine.deployer.beforeRead = () => {};
    engine.clock.advance({ seconds: 6 });
    await delivery.until(
      id,
      promotion =>
        promotion.state === 'rolling-out' && promotion.error === null,
    );
    engine.clock.advance({ minutes: 16 });
    await delivery.untilStep(id, 1);
  });

  it('without a signal gives its traffic back once it has been tried often enough', async () => {
    engine.deployer.beforeRead = () => {
      throw new Error('The metrics server does not answer');
    };
    for (const [before, seconds] of [10, 5, 10, 20].entries()) {
      engine.clock.advance({ seconds });
      await delivery.until(
        id,
        promotion => promotion.error?.attempts === before + 1,
      );
      expect(delivery.shares()).toBe('v2=5 v1=95');
    }
    engine.clock.advance({ seconds: 40 });
    const promotion = await delivery.until(id, 'rolled-back');
    expect(delivery.shares()).toBe('v1=100');
    expect(promotion.rollout?.steps.map(each => each.state)).toEqual([
      'inconclusive',
      'skipped',
      'skipped',
      'skipped',
    ]);
    expect(promotion.statement).toContain(
      'There is no signal: The metrics server does not answer',
    );
    const { body } = await engine
      .as(people.riskManager)
      .get('/audit?limit=20')
      .expect(answers(200));
    expect(
      body.items.find(
        (each: { action: string }) => each.action === 'promotion.signal-lost',
      ).summary,
    ).toBe(
      'Step 5 % could not be watched (attempts: 5): The metrics server does not answer. What is not watched does not serve',
    );
  });
});
