import { createMockDirectory } from '@backstage/backend-test-utils';
import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { arrangeRollout } from '../__testUtils__/arrangeRollout';
import { people } from '../__testUtils__/people';
import { BLUE_GREEN, SHADOW } from '../__testUtils__/rolloutPolicies';
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
)('a shadow on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  const directory = createMockDirectory();
  let engine: TestEngine;
  let delivery: TestDelivery;

  async function arrange(rollout: string) {
    ({ engine, delivery } = await arrangeRollout(engines, directory, rollout));
  }
  beforeEach(() => arrange(`${BLUE_GREEN}, ${SHADOW}`));
  afterEach(() => engine.stop());

  const start = async () => {
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(201));
    return body.id as string;
  };
  const untilShadow = (id: string) =>
    delivery.until(
      id,
      promotion => promotion.rollout?.shadow?.state === 'running',
    );
  const history = async () => {
    const { body } = await engine
      .as(people.outsider)
      .get(`${delivery.path}/deployments?environment=production`)
      .expect(answers(200));
    return body.items
      .map(
        (each: { version: string; outcome: string }) =>
          `${each.version} ${each.outcome}`,
      )
      .sort();
  };
  const actions = async (id: string) => {
    const { body } = await engine
      .as(people.outsider)
      .get(`/promotions/${id}/timeline?limit=100`)
      .expect(answers(200));
    return body.items.map((each: { action: string }) => each.action);
  };

  it('compares copies, serves nobody, and goes on when answers agree', async () => {
    engine.deployer.behave('v2', { differs: 0.01 });
    const id = await start();
    const running = await untilShadow(id);
    expect(running.statement).toBe(
      'v2 gets copies of requests: 99 % of 500 answers agree; judged in 10 min. v1 serves all traffic, v2 serves nobody',
    );
    expect(running.rollout).toMatchObject({
      share: 0,
      shadow: {
        comparison: {
          mirrored: 500,
          skipped: 0,
          agreed: 495,
          largestDifference: 0.5,
        },
      },
    });
    expect(running.allowedEvents).toEqual(
      expect.arrayContaining(['pause', 'abort', 'cancel']),
    );
    expect(engine.deployer.mirrorOf(production)).toEqual({
      version: 'v2',
      share: 50,
    });
    expect(await history()).toEqual(['v1 serving']);
    engine.clock.advance({ minutes: 11 });
    const switched = await delivery.untilStep(id, 0);
    expect(switched.rollout?.shadow).toMatchObject({
      state: 'passed',
      explanation: expect.stringContaining('99 % of 500 answers agree'),
    });
    engine.clock.advance({ minutes: 11 });
    await delivery.until(id, 'succeeded');
    expect(engine.deployer.performed).toEqual([
      'prepare v2',
      'mirror v2=50',
      'mirror v2=0',
      'traffic v2=100',
    ]);
    expect(await actions(id)).toEqual(
      expect.arrayContaining([
        'promotion.shadow-started',
        'promotion.shadow-passed',
        'promotion.green-checked',
        'promotion.traffic-moved',
      ]),
    );
  });

  it('fails the promotion when too many answers differ, without anybody having been served', async () => {
    engine.deployer.behave('v2', { differs: 0.1 });
    const id = await start();
    await untilShadow(id);
    engine.clock.advance({ minutes: 11 });
    const failed = await delivery.until(id, 'rolled-back');
    expect(failed.statement).toBe(
      'Stopped before it served: 10 % of 500 answers differ (7.7 % to 12.9 %), and 2 % may. v1 serves all traffic, v2 serves nobody',
    );
    expect(failed.share).toBeNull();
    expect(failed.rollout?.shadow?.state).toBe('failed');
    expect(failed.rollout?.steps.map(step => step.state)).toEqual(['skipped']);
    expect(engine.deployer.performed).not.toContain('traffic v2=100');
    expect(engine.deployer.mirrorOf(production)?.share).toBe(0);
    expect(await history()).toEqual(['v1 serving']);
    const { body } = await engine
      .as(people.teamLead)
      .get(
        `/metrics?${new URLSearchParams({
          from: '2026-11-01T00:00:00Z',
          to: '2026-12-01T00:00:00Z',
        })}`,
      )
      .expect(answers(200));
    const failures = body.measures.find(
      (each: { id: string }) => each.id === 'change-failure-rate',
    );
    expect([failures.count, failures.sampleSize]).toEqual([0, 1]);
  });

  it('stops at once when its copies fail', async () => {
    engine.deployer.behave('v2', { errorRate: 0.5 });
    const id = await start();
    await untilShadow(id);
    engine.clock.advance({ minutes: 2 });
    const failed = await delivery.until(id, 'rolled-back');
    expect(failed.statement).toContain('error rate is 50 % against 0 %');
    expect(await history()).toEqual(['v1 serving']);
  });

  it('waits for enough answers, then asks a person, who has it compared anew or cancels', async () => {
    engine.deployer.behave('v2', { copies: 20 });
    const id = await start();
    await untilShadow(id);
    engine.clock.advance({ minutes: 11 });
    await new Promise(resolve => setTimeout(resolve, 300));
    expect((await delivery.get(id)).state).toBe('rolling-out');
    engine.clock.advance({ hours: 2 });
    const paused = await delivery.until(id, 'paused');
    expect(paused.statement).toContain(
      '10 answers compared of the 200 that are needed',
    );
    expect(paused.statement).toContain('A person decides: resume or cancel');
    answers(200)(await delivery.transition(id, 'resume'));
    const again = await untilShadow(id);
    expect(again.rollout?.shadow?.startedAt).not.toBe(
      paused.rollout?.shadow?.startedAt,
    );
    answers(200)(await delivery.transition(id, 'cancel'));
    const cancelled = await delivery.get(id);
    expect(cancelled.rollout?.shadow?.state).toBe('skipped');
    for (let i = 0; i < 100; i++) {
      if (engine.deployer.performed.includes('release v2')) break;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    expect(engine.deployer.performed).toEqual([
      'prepare v2',
      'mirror v2=50',
      'mirror v2=50',
      'mirror v2=0',
      'release v2',
    ]);
  });

  it('that nothing tells about is no pass', async () => {
    const id = await start();
    await untilShadow(id);
    engine.deployer.beforeRead = () => {
      throw new Error('The proxy does not answer');
    };
    for (let i = 0; i < 60; i++) {
      engine.clock.advance({ minutes: 3 });
      await new Promise(resolve => setTimeout(resolve, 100));
      if ((await delivery.get(id)).state === 'paused') break;
    }
    const paused = await delivery.until(id, 'paused');
    expect(paused.statement).toContain(
      'there is no signal: The proxy does not answer',
    );
  });

  it('is refused before it starts where nothing can mirror', async () => {
    engine.deployer.setMirror = undefined;
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(409));
    expect(body.error.message).toContain("can't be shadowed");
    expect(engine.deployer.performed).toEqual([]);
  });

  it('may come before all traffic moves without steps', async () => {
    await engine.stop();
    await arrange(`strategy: direct, ${SHADOW}`);
    const id = await start();
    await untilShadow(id);
    engine.clock.advance({ minutes: 11 });
    await delivery.until(id, 'succeeded');
    expect(engine.deployer.performed).toEqual([
      'prepare v2',
      'mirror v2=50',
      'mirror v2=0',
      'traffic v2=100',
    ]);
  });
});
