import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { arrangeServing } from '../__testUtils__/arrangeServing';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { people } from '../__testUtils__/people';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

const production = {
  model: 'model:default/credit-default',
  environment: 'production',
};

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('rollouts on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    ({ engine, delivery } = await arrangeServing(engines));
  });
  afterEach(() => engine.stop());

  const history = async () => {
    const { body } = await engine
      .as(people.outsider)
      .get(`${delivery.path}/deployments?environment=production`)
      .expect(answers(200));
    return body.items.map(
      (each: {
        version: string;
        kind: string;
        outcome: string;
        share: number;
      }) => `${each.version} ${each.kind} ${each.outcome} ${each.share}`,
    );
  };
  const rollBack = (body: object) =>
    engine.as(people.onCall).post(`${delivery.path}/rollbacks`, {
      environment: 'production',
      reason: 'Nonsense answers',
      ...body,
    });
  const passWindow = () => engine.clock.advance({ minutes: 31 });

  it('that fail put all traffic back by themselves, and say why', async () => {
    const id = await delivery.startCanary('v2');
    engine.deployer.behave('v2', { errorRate: 0.2 });
    passWindow();
    const promotion = await delivery.until(id, 'rolled-back');
    expect(delivery.shares()).toBe('v1=100');
    expect(promotion.rollout?.steps.map(step => step.state)).toEqual([
      'failed',
      'skipped',
      'skipped',
      'skipped',
    ]);
    const [errors, latency] = promotion.rollout!.steps[0].analysis;
    expect([errors.verdict, latency.verdict]).toEqual(['fail', 'pass']);
    expect(errors).toMatchObject({
      control: { value: 0, count: 0 },
      candidate: { value: 0.2, count: 800 },
    });
    expect(promotion.statement).toContain(
      'Rolled back: v1 has served all traffic of production again for',
    );
    expect(promotion.statement).toContain('Error rate is 20 % against 0 %');
    expect(await history()).toEqual([
      'v2 promotion rolled-back 5',
      'v1 promotion serving 100',
    ]);
    const period = new URLSearchParams({
      from: '2026-11-01T00:00:00Z',
      to: '2026-12-01T00:00:00Z',
    });
    const metrics = await engine
      .as(people.teamLead)
      .get(`/metrics?${period}`)
      .expect(answers(200));
    const failures = metrics.body.measures.find(
      (each: { id: string }) => each.id === 'change-failure-rate',
    );
    expect([failures.count, failures.sampleSize]).toEqual([1, 2]);
  });

  it('that fail at full traffic bring the old version back as a new deployment', async () => {
    const id = await delivery.startCanary('v2');
    for (const index of [0, 1, 2]) {
      await delivery.untilStep(id, index);
      passWindow();
    }
    await delivery.untilStep(id, 3);
    engine.deployer.behave('v2', { latency: 400 });
    passWindow();
    await delivery.until(id, 'rolled-back');
    expect(delivery.shares()).toBe('v1=100');
    expect((await history()).sort()).toEqual([
      'v1 promotion superseded 50',
      'v1 rollback serving 100',
      'v2 promotion rolled-back 100',
    ]);
  });

  it('wait for samples, then pause; a person resumes or aborts', async () => {
    engine.deployer.behave('v2', { requests: 3 });
    const id = await delivery.startCanary('v2');
    passWindow();
    await new Promise(resolve => setTimeout(resolve, 300));
    const waiting = await delivery.get(id);
    expect([waiting.state, waiting.statement]).toEqual([
      'rolling-out',
      'Serving 5 % for 31 min; the window is extended until there are enough samples; it needs 2,497 more samples',
    ]);
    engine.clock.advance({ hours: 3 });
    const paused = await delivery.until(id, 'paused');
    expect(paused.rollout?.steps[0].state).toBe('inconclusive');
    expect(paused.statement).toContain(
      'error rate: 3 samples of the 2,500 that are needed',
    );
    expect(paused.allowedEvents).toEqual(['resume', 'abort']);
    expect(delivery.shares()).toBe('v2=5 v1=95');

    engine.deployer.behave('v2', { requests: 4_000 });
    const resumed = await delivery.transition(id, 'resume');
    expect(resumed.status).toBe(200);
    await delivery.untilStep(id, 0);
    passWindow();
    await delivery.untilStep(id, 1);
    const pausedAgain = await delivery.transition(id, 'pause');
    expect(pausedAgain.body.state).toBe('paused');
    await delivery.transition(id, 'abort');
    await delivery.until(id, 'rolled-back');
    expect(delivery.shares()).toBe('v1=100');
  });

  it('show a preview of the judgement while a step runs', async () => {
    const id = await delivery.startCanary('v2');
    const { rollout } = await delivery.get(id);
    expect(rollout?.steps[0]).toMatchObject({
      state: 'running',
      samples: 4000,
      judgedAt: null,
    });
    expect(rollout?.steps[0].analysis).toHaveLength(2);
    const series = await engine
      .as(people.outsider)
      .get(`/promotions/${id}/series`)
      .expect(answers(200));
    expect(series.body.points.length).toBeLessThanOrEqual(240);
    expect(series.body.missingBecause).toBeUndefined();
  });

  it('say why nothing is drawn while the metrics source does not answer', async () => {
    const id = await delivery.startCanary('v2');
    engine.deployer.beforeRead = () => {
      throw new Error('connect ECONNREFUSED 10.0.0.7:9090');
    };
    const series = () =>
      engine
        .as(people.outsider)
        .get(`/promotions/${id}/series`)
        .expect(answers(200));
    const unread = await series();
    expect(unread.body.points).toEqual([]);
    expect(unread.body.missingBecause).toContain(
      'The metrics source does not answer now',
    );
    expect(unread.text).not.toContain('ECONNREFUSED');
    engine.deployer.beforeRead = () => {};
    engine.deployer.holdAnswer = asked =>
      asked === 'watches'
        ? Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:9090'))
        : undefined;
    const unwatched = await series();
    expect(unwatched.body).toMatchObject({
      points: [],
      missingBecause: unread.body.missingBecause,
    });
    engine.deployer.holdAnswer = () => undefined;
    expect((await series()).body.missingBecause).toBeUndefined();
  });

  it('of a server that never becomes healthy leave the old one untouched', async () => {
    engine.deployer.behave('v2', { broken: true });
    await delivery.request('v2', 'staging').expect(answers(201));
    const { body } = await engine
      .as(people.outsider)
      .get('/promotions?environment=staging&limit=1');
    const id = body.items[0].id;
    const errored = await delivery.until(id, 'errored');
    expect(errored.error).toMatchObject({
      message: 'The server of v2 did not become healthy',
      retryAt: null,
    });
    expect(errored.allowedEvents).toEqual(['cancel', 'retry']);
    expect(
      engine.deployer.sharesOf({ ...production, environment: 'staging' }),
    ).toEqual([{ version: 'v1', share: 100 }]);
    engine.deployer.behave('v2', { broken: false });
    expect((await delivery.transition(id, 'retry')).status).toBe(200);
    await delivery.until(id, 'succeeded');
  });

  it('are tried again with growing pauses when the deployer has trouble', async () => {
    let failures = 0;
    engine.deployer.beforeOperation = operation => {
      if (operation.startsWith('traffic v2') && failures < 2) {
        failures += 1;
        throw new Error('The proxy does not answer');
      }
    };
    const { body } = await delivery.request('v2', 'staging');
    const errored = await delivery.until(body.id, 'errored');
    expect(errored.error).toMatchObject({
      message: 'The proxy does not answer',
      attempts: 1,
      retryAt: '2026-11-21T09:05:05.000Z',
    });
    engine.clock.advance({ seconds: 6 });
    const again = await delivery.until(
      body.id,
      promotion => promotion.error?.attempts === 2,
    );
    expect(again.statement).toContain('tried again in 10 s');
    engine.clock.advance({ seconds: 11 });
    const done = await delivery.until(body.id, 'succeeded');
    expect(done.error).toBeNull();
  });

  it('one after another: the second waits for the first', async () => {
    const first = await delivery.startCanary('v2');
    await delivery.register('v3');
    await delivery.stage('v3');
    const { body } = await delivery.request('v3', 'production');
    await delivery.approve(body.id);
    const waiting = await delivery.until(body.id, promotion =>
      promotion.statement.includes('waits'),
    );
    expect(waiting.statement).toBe(
      `Scheduled: it waits for promotion ${first}, which moves traffic of production`,
    );
    await delivery.transition(first, 'abort');
    await delivery.until(first, 'rolled-back');
    await delivery.until(body.id, 'rolling-out');
  });

  it('are rolled back in one go, with a reason and without approval', async () => {
    const nothing = await rollBack({}).expect(answers(409));
    expect(nothing.body.error.message).toContain('no earlier version');
    await delivery.completeCanary('v2');
    await rollBack({ reason: ' ' }).expect(answers(400));
    await rollBack({ version: 'v2' }).expect(answers(409));
    // A double click is one rollback, and both clicks are told of it
    const [{ body }, twice] = await Promise.all(
      [1, 2].map(() =>
        rollBack({ idempotencyKey: 'panic' }).expect(answers(201)),
      ),
    );
    expect(twice.body.id).toBe(body.id);
    expect(body).toMatchObject({ kind: 'rollback', version: 'v1' });
    await delivery.until(body.id, 'succeeded');
    expect(delivery.shares()).toBe('v1=100');
    expect((await history()).sort()).toEqual([
      'v1 promotion superseded 50',
      'v1 rollback serving 100',
      'v2 promotion rolled-back 100',
    ]);
    const repeated = await rollBack({ idempotencyKey: 'panic' });
    expect(repeated.body.id).toBe(body.id);
    const serving = await engine
      .as(people.outsider)
      .get(`${delivery.path}/serving`)
      .expect(answers(200));
    expect(serving.body.items).toMatchObject([{ version: 'v1', share: 100 }]);
  });

  it('in the middle of moving traffic are rolled back too', async () => {
    const id = await delivery.startCanary('v2');
    passWindow();
    await delivery.untilStep(id, 1);
    const { body } = await rollBack({}).expect(answers(201));
    expect(body.version).toBe('v1');
    await delivery.until(id, 'rolled-back');
    await delivery.until(body.id, 'succeeded');
    expect(delivery.shares()).toBe('v1=100');
    expect(await history()).toEqual([
      'v2 promotion rolled-back 25',
      'v1 promotion serving 100',
    ]);
  });

  it('wait for hours where the deployer says so, and ask it no more often than it wants', async () => {
    await delivery.stage('v2');
    let asked = 0;
    engine.deployer.operationLimitSeconds = 10 * 3600;
    engine.deployer.answerInstead = operation => {
      if (operation !== 'prepare v2') return undefined;
      asked += 1;
      return { state: 'pending', askAgainAfterSeconds: 3600 };
    };
    const { body } = await delivery.request('v2', 'production');
    await delivery.approve(body.id);
    await delivery.until(body.id, 'rolling-out');
    const untilAsked = async (times: number) => {
      const deadline = Date.now() + 10_000;
      while (asked < times && Date.now() < deadline) {
        await new Promise(resolve => setTimeout(resolve, 20));
      }
      await new Promise(resolve => setTimeout(resolve, 300));
      expect(asked).toBe(times);
    };
    await untilAsked(1);
    engine.clock.advance({ hours: 2 });
    await untilAsked(2);
    expect((await delivery.get(body.id)).state).toBe('rolling-out');
    engine.clock.advance({ hours: 9 });
    await untilAsked(3);
    expect((await delivery.until(body.id, 'errored')).statement).toContain(
      'The deployer has not finished after 11 h',
    );
  });

  it('are evaluated again when what serves changed after the approval', async () => {
    await delivery.stage('v2');
    await delivery.register('v3');
    await delivery.stage('v3');
    const two = await delivery.request('v2', 'production');
    const three = await delivery.request('v3', 'production');
    await delivery.approve(two.body.id);
    await delivery.untilStep(two.body.id, 0);
    await delivery.approve(three.body.id);
    for (const index of [0, 1, 2, 3]) {
      await delivery.untilStep(two.body.id, index);
      passWindow();
    }
    await delivery.until(two.body.id, 'succeeded');
    const asked = await delivery.until(three.body.id, 'awaiting-approval');
    expect(asked.approval.decisions.map(each => each.voided?.because)).toEqual(
      Array(2).fill(
        expect.stringContaining('another version serves in production now'),
      ),
    );
    expect(asked.from?.version).toBe('v2');
  });
});
