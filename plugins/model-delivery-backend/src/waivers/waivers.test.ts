import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  GateVerdict,
  PolicyTrial,
  Waiver,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import request from 'supertest';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import {
  answers,
  GOOD_FACTS,
  TestDelivery,
} from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

const REASON = 'The card lacks one section; it is written by Friday';
const HOUR_MS = 3_600_000;

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('waivers on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default')],
      decide: (_, user) => ({
        result:
          user === people.outsider
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      }),
    });
    delivery = new TestDelivery(engine);
    await delivery.register('v1', {
      facts: {
        ...GOOD_FACTS,
        card: { ...GOOD_FACTS.card, completeness: 0.8 },
      },
    });
    await delivery.stage('v1');
  });
  afterEach(() => engine.stop());

  const inHours = (hours: number) =>
    new Date(engine.clock.now().getTime() + hours * HOUR_MS).toISOString();
  const ask = (more: object = {}, by: string = people.dataScientist) =>
    engine.as(by).post(`${delivery.path}/waivers`, {
      version: 'v1',
      environment: 'production',
      gate: 'card-complete',
      reason: REASON,
      expiresAt: inHours(48),
      ...more,
    });
  const asked = async (): Promise<Waiver> =>
    (await ask().expect(answers(201))).body;
  const decide = (
    waiver: Waiver,
    by: string = people.riskManager,
    more: object = {},
  ) =>
    engine.as(by).post(`/waivers/${waiver.id}/decisions`, {
      decision: 'grant',
      role: 'model-risk-manager',
      reason: 'Low impact until Friday',
      subjectDigest: waiver.subjectDigest,
      ...more,
    });
  const get = async (id: string, by: string = people.dataScientist) => {
    const { body } = await engine
      .as(by)
      .get(`/waivers/${id}`)
      .expect(answers(200));
    return body as Waiver;
  };
  const until = async (id: string, state: Waiver['state']) => {
    const deadline = Date.now() + 20_000;
    let waiver = await get(id);
    while (waiver.state !== state && Date.now() < deadline) {
      await new Promise(resolve => setTimeout(resolve, 50));
      waiver = await get(id);
    }
    return waiver;
  };
  const blocked = async () => {
    const { body } = await delivery
      .request('v1', 'production')
      .expect(answers(201));
    await delivery.until(body.id, 'blocked');
    return body.id as string;
  };
  const messageOf = (response: request.Response) => [
    response.status,
    response.body.error?.message,
  ];

  it('let a version through that a gate keeps out, as somebody else grants it', async () => {
    const id = await blocked();
    const waiver = await asked();
    expect(waiver).toMatchObject({
      state: 'asked',
      statement: 'Waits for Model risk manager to grant or refuse it',
      verdict: { gate: 'card-complete', verdict: 'failed' },
      viewer: { roles: [], mayEnd: true },
    });
    expect((await get(waiver.id, people.riskManager)).viewer).toEqual({
      roles: ['model-risk-manager'],
      barredBecause: null,
      mayEnd: true,
    });
    const inbox = await engine.as(people.riskManager).get('/waivers');
    expect(inbox.body.items.map((each: Waiver) => each.id)).toEqual([
      waiver.id,
    ]);

    const { body } = await decide(waiver).expect(answers(200));
    expect(body).toMatchObject({
      state: 'granted',
      decision: { decidedBy: people.riskManager, role: 'model-risk-manager' },
    });
    const promotion = await delivery.until(id, 'awaiting-approval');
    expect(promotion.gateCounts).toMatchObject({ failed: 0, waived: 1 });
    const { body: gates } = await engine
      .as(people.dataScientist)
      .get(`/promotions/${id}/gates`);
    expect(
      (gates.items as GateVerdict[]).find(
        each => each.gate === 'card-complete',
      ),
    ).toMatchObject({
      verdict: 'waived',
      waiver: {
        id: waiver.id,
        verdict: 'failed',
        grantedBy: people.riskManager,
        role: 'Model risk manager',
      },
    });
    const audit = await knex('audit_entries')
      .where('subject', `waiver:${waiver.id}`)
      .orderBy('index')
      .select('action');
    expect(audit.map(each => each.action)).toEqual([
      'waiver.asked',
      'waiver.granted',
    ]);
  });

  it('are not granted by who requested the promotion', async () => {
    const { body: promotion } = await delivery
      .request('v1', 'production', { by: people.riskManager })
      .expect(answers(201));
    await delivery.until(promotion.id, 'blocked');
    const waiver = await asked();
    const because = `You requested promotion ${promotion.id}, which it is for`;
    expect((await get(waiver.id, people.riskManager)).viewer).toMatchObject({
      roles: [],
      barredBecause: because,
    });
    expect(messageOf(await decide(waiver))).toEqual([
      403,
      `${because}, so you may not decide on it`,
    ]);
    await decide(waiver, people.secondRiskManager).expect(answers(200));
    await delivery.until(promotion.id, 'awaiting-approval');
  });

  it('do not count for a promotion that who granted them requests later', async () => {
    await decide(await asked()).expect(answers(200));
    const { body: own } = await delivery
      .request('v1', 'production', { by: people.riskManager })
      .expect(answers(201));
    await delivery.until(own.id, 'blocked');
    const { body: gates } = await engine
      .as(people.dataScientist)
      .get(`/promotions/${own.id}/gates`);
    expect(
      (gates.items as GateVerdict[]).find(
        each => each.gate === 'card-complete',
      ),
    ).toMatchObject({
      verdict: 'failed',
      explanation: expect.stringContaining(
        `The waiver of ${people.riskManager} does not count, since they requested this promotion`,
      ),
    });
    answers(200)(await delivery.transition(own.id, 'cancel'));
    // For somebody else's it does
    const { body } = await delivery
      .request('v1', 'production')
      .expect(answers(201));
    await delivery.until(body.id, 'awaiting-approval');
  });

  const cardOf = async (promotion: string) => {
    const { body } = await engine
      .as(people.dataScientist)
      .get(`/promotions/${promotion}/gates`);
    return (body.items as GateVerdict[]).find(
      each => each.gate === 'card-complete',
    );
  };

  it('are asked for anew beside one that does not count, and granted by somebody else', async () => {
    const first = await asked();
    await decide(first).expect(answers(200));
    // For whoever else requests it counts, so nobody needs another one
    expect(messageOf(await ask())).toEqual([
      409,
      "A waiver of 'The model card is complete' for v1 in production is granted already",
    ]);
    const { body: own } = await delivery
      .request('v1', 'production', { by: people.riskManager })
      .expect(answers(201));
    await delivery.until(own.id, 'blocked');
    expect((await get(first.id)).notCounted).toBe(
      `It does not count for promotion ${own.id}, which they requested`,
    );

    const both = await Promise.all([ask(), ask()]);
    expect(both.map(each => each.status).sort()).toEqual([201, 409]);
    const second: Waiver = both.find(each => each.status === 201)!.body;
    expect((await get(second.id, people.riskManager)).viewer).toMatchObject({
      roles: [],
      barredBecause: `You requested promotion ${own.id}, which it is for`,
    });
    await decide(second, people.secondRiskManager).expect(answers(200));
    await delivery.until(own.id, 'awaiting-approval');
    expect(await cardOf(own.id)).toMatchObject({
      verdict: 'waived',
      waiver: { id: second.id, grantedBy: people.secondRiskManager },
    });
    // Both stay in the history, and a third one is not needed
    expect([
      (await get(first.id)).state,
      (await get(second.id)).state,
      (await ask()).status,
    ]).toEqual(['granted', 'granted', 409]);
  });

  it('do not count any more once whoever granted them is barred, and leave room for another one', async () => {
    const id = await blocked();
    const first = await asked();
    await decide(first).expect(answers(200));
    await delivery.until(id, 'awaiting-approval');
    await knex('versions')
      .where({ name: 'v1' })
      .update({ trained_by: people.riskManager });
    await delivery.report('v1', { tests: { coverage: 0.97 } }, 'again');
    await delivery.until(id, 'blocked');
    expect(await cardOf(id)).toMatchObject({
      verdict: 'failed',
      explanation: expect.stringContaining(
        `The waiver of ${people.riskManager} does not count, since they trained it`,
      ),
    });
    expect((await get(first.id)).notCounted).toBe(
      'It does not count, since they trained it',
    );
    const second = await asked();
    await decide(second, people.secondRiskManager).expect(answers(200));
    await delivery.until(id, 'awaiting-approval');
  });

  it('are not granted while it cannot be told who made the version', async () => {
    await delivery.register('v2', {
      trainedBy: 'user:default/ghost',
      facts: {
        ...GOOD_FACTS,
        card: { ...GOOD_FACTS.card, completeness: 0.8 },
      },
    });
    const { body } = await ask({ version: 'v2' }).expect(answers(201));
    expect(messageOf(await decide(body))).toEqual([
      409,
      expect.stringContaining("'user:default/ghost' trained it"),
    ]);
    await decide(body, people.riskManager, { decision: 'refuse' }).expect(
      answers(200),
    );
  });

  it('stay what they were when a draft of a policy is tried that asks for the same', async () => {
    const id = await blocked();
    await decide(await asked()).expect(answers(200));
    await delivery.until(id, 'awaiting-approval');
    const changesOf = async (gate: string) => {
      const { body } = await engine
        .as(people.platformEngineer)
        .post('/policies/try', {
          yaml: `apiVersion: slipway.dev/v1alpha1
kind: DeliveryPolicy
metadata: { name: draft, title: Draft }
spec: { extends: built-in/high-small, risk: high, teamSize: small, gates: [${gate}] }
`,
        })
        .expect(answers(200));
      expect(body.examined).toBeGreaterThan(0);
      return (body as PolicyTrial).items
        .filter(each => each.environment === 'production')
        .flatMap(each =>
          each.gates.map(one => [one.gate, one.before, one.after]),
        );
    };
    expect(
      await changesOf(
        "{ id: coverage, when: 'tests.metrics.coverage >= 0.9' }",
      ),
    ).toEqual([]);
    // A stricter rule is another one, which nobody has waived
    expect(
      await changesOf(
        "{ id: card-complete, when: 'card.metrics.completeness >= 1.0 && card.metrics.completeness >= 0.9' }",
      ),
    ).toEqual([['card-complete', 'waived', 'failed']]);
  });

  it('are decided once, whatever is sent twice or at once', async () => {
    const waiver = await asked();
    const answersOf = await Promise.all([
      decide(waiver),
      decide(waiver, people.secondRiskManager, { decision: 'refuse' }),
      decide(waiver),
    ]);
    const decided = await get(waiver.id);
    const winner = decided.decision!.decidedBy;
    expect(['granted', 'refused']).toContain(decided.state);
    expect(
      answersOf.filter(
        ({ status, body }) =>
          status === 200 && body.decision.decidedBy !== winner,
      ),
    ).toEqual([]);
    const repeated = await decide(
      waiver,
      winner,
      winner === people.riskManager ? {} : { decision: 'refuse' },
    );
    expect(repeated.status).toBe(200);
    const entries = await knex('audit_entries')
      .where('subject', `waiver:${waiver.id}`)
      .whereIn('action', ['waiver.granted', 'waiver.refused']);
    expect(entries).toHaveLength(1);
  });

  it('are refused to who may not grant them, with the reason', async () => {
    const waiver = await asked();
    expect(messageOf(await decide(waiver, people.complianceOfficer))).toEqual([
      403,
      'You are not a model risk manager: you are in no group within group:default/model-risk-managers',
    ]);
    expect(
      messageOf(
        await decide(waiver, people.complianceOfficer, {
          role: 'compliance-officer',
        }),
      ),
    ).toEqual([400, expect.stringContaining('may not decide on this waiver')]);
    expect(
      messageOf(
        await engine.as().post(`/waivers/${waiver.id}/decisions`, {
          decision: 'grant',
          role: 'model-risk-manager',
          reason: 'Computed by a program',
          subjectDigest: waiver.subjectDigest,
        }),
      ),
    ).toEqual([403, expect.stringContaining('only people decide')]);
    expect(
      messageOf(
        await decide(waiver, people.riskManager, {
          subjectDigest: `sha256:${'0'.repeat(64)}`,
        }),
      ),
    ).toEqual([409, expect.stringContaining('look at it again')]);

    const { body: ended } = await engine
      .as(people.dataScientist)
      .post(`/waivers/${waiver.id}/end`, { reason: 'Not needed any more' })
      .expect(answers(200));
    expect(ended.state).toBe('withdrawn');
    const own = (await ask({}, people.riskManager)).body;
    expect(messageOf(await decide(own))).toEqual([
      403,
      'You requested it, so you may not decide on it',
    ]);
    expect(
      messageOf(
        await engine
          .as(people.complianceOfficer)
          .post(`/waivers/${own.id}/end`, { reason: 'I would rather not' }),
      ),
    ).toEqual([403, expect.stringContaining('may take it back')]);
    const entries = await knex('audit_entries')
      .whereIn('action', [
        'waiver.decision-refused',
        'waiver.withdrawal-refused',
      ])
      .orderBy('index')
      .select('actor', 'action', 'model_ref', 'subject', 'summary');
    const refused = (
      of: { id: string },
      deed: 'decision' | 'withdrawal',
      actor: string,
      because: string,
    ) => ({
      actor,
      action: `waiver.${deed}-refused`,
      model_ref: 'model:default/credit-default',
      subject: `waiver:${of.id}`,
      summary: expect.stringContaining(because),
    });
    expect(entries).toEqual([
      refused(
        waiver,
        'decision',
        people.complianceOfficer,
        'Decision refused: You are not a model risk manager',
      ),
      refused(
        waiver,
        'decision',
        'service:pipeline',
        'is a program; only people decide on waivers',
      ),
      refused(
        own,
        'decision',
        people.riskManager,
        'Decision refused: You requested it',
      ),
      refused(
        own,
        'withdrawal',
        people.complianceOfficer,
        'Withdrawal refused: Only who asked',
      ),
    ]);
  });

  it('cannot be asked for without need, twice, for too long or for nothing', async () => {
    expect(messageOf(await ask({ gate: 'fairness' }))).toEqual([
      409,
      expect.stringContaining('there is nothing to waive'),
    ]);
    expect(messageOf(await ask({ gate: 'beauty' }))).toEqual([
      400,
      expect.stringContaining("request/body/gate 'beauty' is no gate of"),
    ]);
    expect(messageOf(await ask({ expiresAt: inHours(24 * 8) }))).toEqual([
      400,
      'request/body/expiresAt is in 8 d; the policy allows at most 7 d',
    ]);
    expect(messageOf(await ask({ expiresAt: inHours(-1) }))).toEqual([
      400,
      expect.stringContaining('request/body/expiresAt is over'),
    ]);
    expect((await ask({ reason: '         ' })).status).toBe(400);
    expect((await ask({ version: 'v9' })).status).toBe(404);
    for (const refused of [
      ask({}, people.outsider),
      engine.as(people.outsider).get(`${delivery.path}/waivers`),
      engine.as(people.outsider).get('/waivers'),
    ]) {
      expect((await refused).status).toBe(403);
    }
    const both = await Promise.all([ask(), ask()]);
    expect(both.map(each => each.status).sort()).toEqual([201, 409]);
    const { body } = await engine
      .as(people.dataScientist)
      .get(`${delivery.path}/waivers?gate=card-complete&version=v1&limit=5`)
      .expect(answers(200));
    expect(body.items).toHaveLength(1);
  });

  it('are void when the gate is judged on other facts, and not when they are measured again', async () => {
    const id = await blocked();
    const waiver = await asked();
    await decide(waiver).expect(answers(200));
    await delivery.until(id, 'awaiting-approval');
    await delivery.report('v1', { card: { completeness: 0.8 } }, 'again');
    await delivery.until(id, each => each.state === 'awaiting-approval');
    expect((await get(waiver.id)).state).toBe('granted');

    await delivery.report('v1', { card: { completeness: 0.5 } }, 'worse');
    const promotion = await delivery.until(id, 'blocked');
    expect(promotion.gateCounts).toMatchObject({ failed: 1, waived: 0 });
    const ended = await until(waiver.id, 'void');
    expect(ended.ended).toMatchObject({
      by: 'service:model-delivery',
      because: expect.stringContaining('the gate was judged anew since'),
    });
  });

  it('end with their time, and what rests on them is held again', async () => {
    const id = await blocked();
    const waiver = await asked();
    await decide(waiver).expect(answers(200));
    const before = await delivery.until(id, 'awaiting-approval');
    engine.clock.advance({ hours: 49 });
    expect((await until(waiver.id, 'expired')).state).toBe('expired');
    await delivery.until(id, 'blocked');
    const late = await delivery.decide(
      id,
      people.riskManager,
      'model-risk-manager',
      { subjectDigest: before.approval.subject!.digest },
    );
    expect(late.status).toBe(409);
    await ask().expect(answers(201));
  });

  it('end with their model, and the others go on being looked after', async () => {
    const waiver = await asked();
    engine.setEntities([]);
    await knex('models').update({ removed_at: engine.clock.now() });
    const deadline = Date.now() + 20_000;
    let row;
    do {
      await new Promise(resolve => setTimeout(resolve, 100));
      row = await knex('waivers')
        .where({ id: Number(waiver.id) })
        .first();
    } while (row.state === 'asked' && Date.now() < deadline);
    expect(row).toMatchObject({
      state: 'void',
      ended_because: 'its model is not in the catalog any more',
    });
  });
});
