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
)('what stands in the way of a rollback, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  let engine: TestEngine;
  let delivery: TestDelivery;
  let next: string;

  /** v2 took over from v1 and is watched; v3 is approved, and begins beside it. */
  const begin = async () => {
    ({ engine, delivery } = await arrangeServing(engines, async arranged => {
      await arranged.completeCanary('v2');
      await arranged.register('v3');
      await arranged.stage('v3');
    }));
  };
  const startThird = async () => {
    const { body } = await delivery
      .request('v3', 'production')
      .expect(answers(201));
    next = body.id;
    await delivery.approve(next);
  };
  /** The server of v3 takes its time to come up. */
  const prepareSlowly = async () => {
    engine.deployer.answerInstead = operation =>
      operation === 'prepare v3' ? { state: 'pending' } : undefined;
    await startThird();
    await delivery.until(next, 'rolling-out');
  };
  /** The server of v3 cannot be brought up, and a person is asked what to do. */
  const failToPrepare = async () => {
    engine.deployer.beforeOperation = operation => {
      if (operation === 'prepare v3') {
        throw new Error('The target does not answer');
      }
    };
    await startThird();
    for (let attempts = 1; attempts <= 5; attempts++) {
      await delivery.until(next, each => each.error?.attempts === attempts);
      engine.clock.advance({ minutes: 1 });
    }
    expect((await delivery.get(next)).state).toBe('errored');
  };
  afterEach(() => engine.stop());

  const fail = () => {
    engine.deployer.behave('v2', { errorRate: 0.5 });
    engine.clock.advance({ minutes: 1 });
  };
  const rollBack = () =>
    engine.as(people.onCall).post(`${delivery.path}/rollbacks`, {
      environment: 'production',
      reason: 'Nonsense answers',
    });
  const auditOf = async (id: string, action: string) => {
    const { body } = await engine
      .as(people.riskManager)
      .get('/audit?limit=50')
      .expect(answers(200));
    return body.items.find(
      (each: { action: string; subject: string }) =>
        each.action === action && each.subject === `promotion:${id}`,
    );
  };
  /** v1 has everything again, and v3 had nothing. */
  const untilBack = async () => {
    await until(async () => {
      // A look that began before may end now, and the next one comes when its time has come
      engine.clock.advance({ seconds: 1 });
      return delivery.shares() === 'v1=100';
    });
    const stopped = await delivery.until(next, 'cancelled');
    expect(stopped.statement).toContain('before v3 took any traffic');
    expect(engine.deployer.performed.join()).not.toContain('v3=5');
  };

  it('is cancelled while it is brought up, when the version that is watched fails', async () => {
    await begin();
    await prepareSlowly();
    fail();
    await untilBack();
    expect(await auditOf(next, 'promotion.cancelled')).toMatchObject({
      actor: 'service:model-delivery',
      summary: expect.stringContaining(
        'The rollout of v3 was cancelled: a rollback to v1 was asked for: v2 failed while it was watched',
      ),
    });
    expect(engine.notifications.map(({ payload }) => payload.title)).toContain(
      'The rollout of v3 was cancelled',
    );
    // Its server comes up too late
    engine.deployer.answerInstead = () => undefined;
    engine.clock.advance({ hours: 1 });
    await until(async () => engine.deployer.performed.includes('release v2'));
    expect(delivery.shares()).toBe('v1=100');
  });

  it('is cancelled after trouble before traffic, when the version that is watched fails', async () => {
    await begin();
    await failToPrepare();
    fail();
    await untilBack();
    expect(await auditOf(next, 'promotion.cancelled')).toMatchObject({
      actor: 'service:model-delivery',
    });
  });

  it('is cancelled after trouble before traffic, when a person rolls back', async () => {
    await begin();
    await failToPrepare();
    const { body } = await rollBack().expect(answers(201));
    await delivery.until(body.id, 'succeeded');
    await untilBack();
    expect(await auditOf(next, 'promotion.cancelled')).toMatchObject({
      actor: people.onCall,
      summary:
        'The rollout of v3 was cancelled: a rollback to v1 was asked for: Nonsense answers',
    });
  });

  it('is aborted once it has traffic, which comes back before', async () => {
    await begin();
    await startThird();
    await delivery.untilStep(next, 0);
    const { body } = await rollBack().expect(answers(201));
    expect(body.version).toBe('v2');
    await delivery.until(next, 'rolled-back');
    await delivery.until(body.id, 'succeeded');
    expect(delivery.shares()).toBe('v2=100');
    expect(await auditOf(next, 'promotion.aborted')).toMatchObject({
      actor: people.onCall,
      summary:
        'The rollout of v3 was aborted: a rollback to v2 was asked for: Nonsense answers',
    });
  });
});
