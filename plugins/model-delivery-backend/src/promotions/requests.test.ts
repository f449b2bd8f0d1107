import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
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
)('requests on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [
        modelEntity('credit-default'),
        modelEntity('simple', { risk: 'low' }),
      ],
    });
    delivery = new TestDelivery(engine);
  });
  afterEach(() => engine.stop());

  it('are refused in clear words when they cannot be met', async () => {
    await delivery.register('v1');
    const refusal = async (
      version: string,
      environment: string,
      status: number,
    ) => {
      const { body } = await delivery
        .request(version, environment)
        .expect(answers(status));
      return body.error.message;
    };
    expect(await refusal('v9', 'staging', 404)).toContain(
      'model:default/credit-default has no version v9',
    );
    expect(await refusal('v1', 'mars', 400)).toContain(
      "request/body/environment 'mars' is not one of policy 'high-small'; it has staging, production",
    );
    expect(await refusal('v1', 'production', 409)).toBe(
      'v1 has not proven itself in staging; promote it there first',
    );
    await delivery.stage('v1');
    expect(await refusal('v1', 'staging', 409)).toBe(
      'v1 already serves in staging',
    );
    await delivery.request('v1', 'production').expect(answers(201));
    expect(await refusal('v1', 'production', 409)).toMatch(
      /^Promotion 2 already takes v1 to production; it is /,
    );
    await engine
      .as(people.dataScientist)
      .post('/promotions', {
        model: 'model:default/nobody',
        version: 'v1',
        environment: 'staging',
      })
      .expect(answers(404));
    const list = await engine.as(people.outsider).get('/promotions');
    expect(list.body.items).toHaveLength(2);
  });

  it('are refused where no deployer serves, and nothing is written', async () => {
    await delivery.register('v1');
    jest.spyOn(engine.deployer, 'serves').mockReturnValue(false);
    const { body } = await delivery
      .request('v1', 'staging')
      .expect(answers(409));
    expect(body.error.message).toContain(
      'No deployer serves model:default/credit-default in staging',
    );
    const list = await engine.as(people.outsider).get('/promotions');
    expect(list.body.items).toEqual([]);
  });

  it('are refused when a canary would have no signal to watch', async () => {
    await delivery.register('v1');
    await delivery.deployFirst('v1');
    await delivery.register('v2');
    await delivery.stage('v2');
    engine.deployer.watching = false;
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(409));
    expect(body.error.message).toContain('No metrics source watches');
  });

  it('are refused, in words, while a metrics source cannot say what it watches; the verdict says the same', async () => {
    await delivery.register('v1');
    await delivery.deployFirst('v1');
    await delivery.register('v2');
    await delivery.stage('v2');
    engine.deployer.holdAnswer = asked =>
      asked === 'watches'
        ? Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:9090'))
        : undefined;
    const because = `The metrics source 'fake' cannot say now whether it watches model:default/credit-default in production; without a signal a rollout cannot be judged, so see that the source answers, and try again`;
    const refused = await delivery
      .request('v2', 'production')
      .expect(answers(409));
    expect(refused.body.error.message).toBe(because);
    const verdict = await engine
      .as(people.outsider)
      .get(`${delivery.path}/versions/v2/verdict?environment=production`)
      .expect(answers(200));
    expect(verdict.body.allowed).toBe(false);
    expect(verdict.body.statement).toContain(because);
  });

  it('are refused when nothing is heard of what serves, but not because it cannot be told', async () => {
    await delivery.register('v1');
    await delivery.deployFirst('v1');
    await delivery.register('v2');
    await delivery.stage('v2');
    engine.deployer.silent = true;
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(409));
    expect(body.error.message).toBe(
      `The metrics source '${engine.deployer.id}' has heard nothing of v1 of model:default/credit-default in production lately; without a signal the rollout cannot be judged, so see that its counters are collected`,
    );
    engine.deployer.silent = new Error('The server is down');
    await delivery.request('v2', 'production').expect(answers(201));
  });

  it('made twice under one key are one promotion', async () => {
    await delivery.register('v1');
    const ask = () =>
      delivery.request('v1', 'staging', { idempotencyKey: 'click-1' });
    const [a, b] = await Promise.all([ask(), ask()]);
    expect([a.status, b.status].sort()).toEqual([200, 201]);
    expect(a.body.id).toBe(b.body.id);
    expect((await ask()).status).toBe(200);
    await delivery.register('v2');
    const other = await delivery.request('v2', 'staging', {
      idempotencyKey: 'click-1',
    });
    expect(other.status).toBe(409);
  });

  it('of low risk pass without approval, once something serves', async () => {
    const simple = new TestDelivery(engine, 'simple');
    await simple.register('v1');
    await simple.stage('v1');
    const { body } = await simple.request('v1', 'production');
    const waiting = await simple.until(body.id, 'awaiting-approval');
    expect(waiting.approval.slots.map(slot => slot.role)).toEqual([
      'team-lead',
    ]);
    await simple.decide(body.id, people.teamLead, 'team-lead');
    await simple.until(body.id, 'succeeded');
    await simple.register('v2');
    await simple.stage('v2');
    const second = await simple.request('v2', 'production');
    const done = await simple.until(second.body.id, 'succeeded');
    expect(done.approval.slots).toEqual([]);
    expect(done.rollout?.plan.strategy).toBe('direct');
  });

  it('blocked by a gate go on as soon as new evidence lets them', async () => {
    const facts = goodFacts(1);
    await delivery.register('v1', {
      facts: {
        ...facts,
        candidate: { ...facts.candidate, fairness_gap: 0.061 },
        tests: { failed: 0 },
      },
    });
    const { body } = await delivery.request('v1', 'staging');
    const blocked = await delivery.until(body.id, 'blocked');
    expect(blocked.gateCounts).toMatchObject({ failed: 1, 'no-evidence': 1 });
    expect(blocked.statement).toBe(
      'Held by its gates: 1 gate failed and 1 gate lacks evidence. New evidence is judged at once',
    );
    const gates = await engine
      .as(people.outsider)
      .get(`/promotions/${body.id}/gates`)
      .expect(answers(200));
    expect(
      gates.body.items
        .filter((each: { verdict: string }) => each.verdict !== 'passed')
        .map((each: { gate: string; verdict: string; explanation: string }) => [
          each.gate,
          each.verdict,
          each.explanation,
        ]),
    ).toEqual([
      [
        'coverage',
        'no-evidence',
        expect.stringContaining('Nobody has reported test coverage'),
      ],
      ['fairness', 'failed', expect.stringContaining('Fairness gap is 6.1 %')],
    ]);
    await delivery.report('v1', { tests: { failed: 0, coverage: 0.9 } }, 'b');
    await delivery.until(
      body.id,
      promotion =>
        promotion.state === 'blocked' && promotion.gateCounts.failed === 1,
    );
    await delivery.report('v1', { candidate: facts.candidate }, 'b');
    await delivery.until(body.id, 'succeeded');
    const matrix = await engine
      .as(people.outsider)
      .get(`${delivery.path}/gates`)
      .expect(answers(200));
    expect(matrix.body.versions[0]).toMatchObject({
      version: 'v1',
      servingIn: ['staging'],
      preview: true,
    });
  });

  it('can be cancelled, by who saw them as they are', async () => {
    await delivery.register('v1', { facts: {} });
    const { body } = await delivery.request('v1', 'staging');
    const blocked = await delivery.until(body.id, 'blocked');
    expect(blocked.allowedEvents).toEqual(['cancel', 're-evaluate']);
    const stale = await engine
      .as(people.mlEngineer)
      .post(`/promotions/${body.id}/transitions`, {
        event: 'cancel',
        revision: blocked.revision - 1,
      })
      .expect(answers(409));
    expect(stale.body.error.current).toMatchObject({
      state: 'blocked',
      revision: blocked.revision,
    });
    const impossible = await delivery.transition(body.id, 'resume');
    expect(impossible.status).toBe(409);
    expect(impossible.body.error.message).toContain(
      "'resume' is not possible now; possible: cancel, re-evaluate",
    );
    const cancelled = await delivery.transition(body.id, 'cancel');
    expect(cancelled.body.state).toBe('cancelled');
  });
});
