import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { arrangeServing } from '../__testUtils__/arrangeServing';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { people } from '../__testUtils__/people';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('a version that took over all traffic, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  let engine: TestEngine;
  let delivery: TestDelivery;
  let id: string;

  const watchOf = (promotion: Awaited<ReturnType<TestDelivery['get']>>) =>
    promotion.rollout?.watch;

  beforeEach(async () => {
    ({ engine, delivery } = await arrangeServing(engines, async arranged => {
      id = await arranged.completeCanary('v2');
    }));
    await delivery.until(id, promotion =>
      Boolean(watchOf(promotion)?.lookedAt),
    );
  });
  afterEach(() => engine.stop());

  /** Lets time pass, and waits until the engine looked after it. */
  const pass = async (time: { minutes?: number; hours?: number }) => {
    engine.clock.advance(time);
    const since = engine.clock.now().toISOString();
    return delivery.until(id, promotion => {
      const { lookedAt, endedAt, unseenSince } = watchOf(promotion)!;
      return [lookedAt, endedAt, unseenSince].some(at => at && at >= since);
    });
  };
  const told = () =>
    engine.notifications.map(each => each.payload.title).filter(Boolean);
  const serving = async () => {
    const { body } = await engine
      .as(people.outsider)
      .get(`${delivery.path}/deployments?environment=production`)
      .expect(answers(200));
    return body.items.map(
      (each: { version: string; kind: string; outcome: string }) =>
        `${each.version} ${each.kind} ${each.outcome}`,
    );
  };

  it('is watched for as long as its policy says, and the version before is kept as long', async () => {
    const promotion = await delivery.get(id);
    const { rollout, statement } = promotion;
    expect(statement).toMatch(
      /^v2 took over all traffic in production .* ago; it is watched for another 2 d$/,
    );
    expect(rollout).toMatchObject({
      previousKeptUntil: rollout!.watch!.until,
      watch: { state: 'watching', windowSeconds: 1800, windows: 0 },
    });
    expect(
      Date.parse(rollout!.watch!.until) - Date.parse(rollout!.finishedAt!),
    ).toBe(48 * 3_600_000);

    const judged = await pass({ minutes: 31 });
    expect(watchOf(judged)).toMatchObject({ windows: 1, windowsPassed: 1 });
    expect(engine.deployer.performed).not.toContain('release v1');
    engine.clock.advance({ hours: 48 });
    const over = await delivery.until(
      id,
      each => watchOf(each)?.state === 'over',
    );
    expect(watchOf(over)?.endedBecause).toBe(
      '2 of 2 judgements found it as good as v1',
    );
    expect(over.statement).toMatch(/ago$/);
    await until(async () => engine.deployer.performed.includes('release v1'));
    expect(delivery.shares()).toBe('v2=100');
  });

  it('and then makes errors gives way to the version before, by itself', async () => {
    engine.deployer.behave('v2', { errorRate: 0.2 });
    const failed = await pass({ minutes: 1 });
    expect(watchOf(failed)).toMatchObject({
      state: 'failed',
      endedBecause: expect.stringContaining(
        'surely beyond the margin of +1 points',
      ),
    });
    const { body } = await engine
      .as(people.outsider)
      .get(`/promotions?environment=production&limit=1`)
      .expect(answers(200));
    const [rollback] = body.items;
    expect(rollback).toMatchObject({
      kind: 'rollback',
      version: 'v1',
      requestedBy: 'service:model-delivery',
    });
    await delivery.until(rollback.id, 'succeeded');
    expect(delivery.shares()).toBe('v1=100');
    expect(await serving()).toEqual([
      'v1 rollback serving',
      'v2 promotion rolled-back',
      'v1 promotion superseded',
    ]);
    expect(
      told().filter(title => title.includes('failed after full traffic')),
    ).toHaveLength(1);
  });

  it('and gets slower is told to people once, and keeps its traffic', async () => {
    engine.deployer.behave('v2', { latency: 90 });
    const worse = await pass({ minutes: 31 });
    expect(watchOf(worse)).toMatchObject({
      state: 'watching',
      windows: 1,
      windowsPassed: 0,
    });
    await pass({ minutes: 31 });
    expect(delivery.shares()).toBe('v2=100');
    expect(
      told().filter(title => title.includes('got worse after full traffic')),
    ).toHaveLength(1);
  });

  it('and cannot be measured is told to people once, and watched on when it can', async () => {
    engine.deployer.beforeRead = () => {
      throw new Error('Prometheus is down');
    };
    const unseen = await pass({ minutes: 1 });
    expect(watchOf(unseen)?.unseenSince).not.toBeNull();
    engine.clock.advance({ minutes: 2 });
    engine.deployer.beforeRead = () => {};
    const seen = await delivery.until(id, each => {
      engine.clock.advance({ seconds: 30 });
      return watchOf(each)?.unseenSince === null;
    });
    expect(watchOf(seen)?.state).toBe('watching');
    expect(
      told().filter(title => title.includes('cannot be watched')),
    ).toHaveLength(1);
    expect(delivery.shares()).toBe('v2=100');
  });

  it('is not watched any more once the next one takes traffic', async () => {
    await delivery.register('v3');
    const next = await delivery.startCanary('v3');
    engine.deployer.behave('v2', { errorRate: 0.2 });
    const ended = await pass({ minutes: 1 });
    expect(watchOf(ended)).toMatchObject({
      state: 'ended',
      endedBecause: 'the rollout of v3 began',
    });
    expect((await delivery.get(next)).state).toBe('rolling-out');
  });

  it('is rolled back once, whoever is faster', async () => {
    engine.deployer.behave('v2', { errorRate: 0.2 });
    const byHand = engine.as(people.onCall).post(`${delivery.path}/rollbacks`, {
      environment: 'production',
      reason: 'Nonsense answers',
    });
    const [{ status }] = await Promise.all([byHand, pass({ minutes: 1 })]);
    expect([201, 409]).toContain(status);
    await until(async () => delivery.shares() === 'v1=100');
    await until(async () => (await serving())[0] === 'v1 rollback serving');
    expect((await serving()).slice(0, 2)).toEqual([
      'v1 rollback serving',
      'v2 promotion rolled-back',
    ]);
  });
});
