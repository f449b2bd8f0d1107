import { Knex } from 'knex';
import { resolve } from 'node:path';
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
)('approvals on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default')],
    });
    delivery = new TestDelivery(engine);
    await delivery.register('v1');
    await delivery.stage('v1');
  });
  afterEach(() => engine.stop());

  const ask = (by?: string) => delivery.askForApproval('v1', by);
  const inbox = async (as: string, section: string) => {
    const { body } = await engine
      .as(as)
      .get(`/approvals?section=${section}`)
      .expect(answers(200));
    return body;
  };

  it('need each role once, from distinct people who hold it', async () => {
    const id = await ask();
    expect((await delivery.get(id)).statement).toBe(
      'Waiting for approval by model risk manager and compliance officer; expires in 3 d',
    );
    const outsider = await delivery.decide(
      id,
      people.outsider,
      'model-risk-manager',
    );
    expect([outsider.status, outsider.body.error.message]).toEqual([
      403,
      'You are not a model risk manager: you are in no group within group:default/model-risk-managers',
    ]);
    const unknown = await delivery.decide(id, people.riskManager, 'king');
    expect([unknown.status, unknown.body.error.message]).toEqual([
      400,
      "request/body/role 'king' is not asked for; open roles are model-risk-manager, compliance-officer",
    ]);
    const silent = await delivery.decide(
      id,
      people.riskManager,
      'model-risk-manager',
      { reason: '  ' },
    );
    expect([silent.status, silent.body.error.message]).toEqual([
      400,
      expect.stringContaining('request/body/reason is compulsory'),
    ]);
    const first = await delivery.decide(
      id,
      people.riskManager,
      'model-risk-manager',
    );
    expect([first.status, first.body.state, first.body.slotsFilled]).toEqual([
      201,
      'awaiting-approval',
      1,
    ]);
    const filled = await delivery.decide(
      id,
      people.secondRiskManager,
      'model-risk-manager',
    );
    expect([filled.status, filled.body.error.message]).toEqual([
      409,
      expect.stringContaining('is filled already'),
    ]);
    await delivery.decide(id, people.complianceOfficer, 'compliance-officer');
    await delivery.until(id, 'succeeded');
  });

  it('are refused to programs', async () => {
    const id = await ask();
    const promotion = await delivery.get(id);
    const { body } = await engine
      .as()
      .post(`/promotions/${id}/decisions`, {
        decision: 'approve',
        role: 'model-risk-manager',
        revision: promotion.revision,
        subjectDigest: promotion.approval.subject?.digest,
        reason: 'Computed',
      })
      .expect(answers(403));
    expect(body.error.message).toContain('is a program; only people decide');
  });

  it('are barred to whoever requested, trained or committed, with the reason', async () => {
    await delivery.register('v2', {
      trainedBy: people.complianceOfficer,
      commits: [
        {
          sha: '8f2c1e7'.padEnd(40, '0'),
          author: 'rita@example.com',
          authoredAt: '2026-11-20T08:00:00Z',
        },
      ],
    });
    await delivery.stage('v2');
    const { body } = await delivery.request('v2', 'production', {
      by: people.secondRiskManager,
    });
    const id = body.id;
    await delivery.until(id, 'awaiting-approval');
    for (const [person, role, because] of [
      [people.riskManager, 'model-risk-manager', 'You authored commit 8f2c1e7'],
      [people.secondRiskManager, 'model-risk-manager', 'You requested it'],
      [people.complianceOfficer, 'compliance-officer', 'You trained it'],
    ]) {
      const refused = await delivery.decide(id, person, role);
      expect([refused.status, refused.body.error.message]).toEqual([
        403,
        `${because}, so you may not decide on it`,
      ]);
      const seen = await delivery.get(id, person);
      expect(seen.approval.viewer).toMatchObject({
        mayDecide: false,
        barredBecause: because,
      });
      expect((await inbox(person, 'waiting')).items).toEqual([]);
      const [barred] = (await inbox(person, 'barred')).items;
      expect([barred.promotion.id, barred.barredBecause]).toEqual([
        id,
        because,
      ]);
    }
    await delivery.decide(id, people.outsider, 'compliance-officer');
    const entries = await knex('audit_entries')
      .where({
        subject: `promotion:${id}`,
        action: 'promotion.decision-refused',
      })
      .orderBy('index')
      .select('actor', 'summary');
    expect(entries).toEqual([
      {
        actor: people.riskManager,
        summary:
          'Decision refused: You authored commit 8f2c1e7, so you may not decide on it',
      },
      {
        actor: people.secondRiskManager,
        summary:
          'Decision refused: You requested it, so you may not decide on it',
      },
      {
        actor: people.complianceOfficer,
        summary:
          'Decision refused: You trained it, so you may not decide on it',
      },
      {
        actor: people.outsider,
        summary: expect.stringContaining(
          'Decision refused: You are not a compliance officer',
        ),
      },
    ]);
  });

  it('are not asked for while it cannot be told who may not approve', async () => {
    await delivery.register('v2', {
      trainedBy: 'runner',
      commits: [
        {
          sha: '8f2c1e7'.padEnd(40, '0'),
          author: 'Rita <rita@home.example>',
          authoredAt: '2026-11-20T08:00:00Z',
        },
      ],
    });
    // Nobody is asked there
    await delivery.stage('v2');
    const refused = await delivery.request('v2', 'production');
    expect([refused.status, refused.body.error.message]).toEqual([
      409,
      "'runner' and 'Rita <rita@home.example>' trained it or wrote commits of it and are no user of the catalog, so it cannot be told who may not approve; give the address to a user, or name it in modelDelivery.people",
    ]);
    const { body } = await engine
      .as()
      .get(`${delivery.path}/versions/v2/verdict?environment=production`)
      .expect(answers(200));
    expect(body).toMatchObject({
      verdict: 'refused',
      statement: expect.stringContaining("'runner' and 'Rita"),
    });
  });

  it('are not asked for while the catalog has no user of the name that trained it', async () => {
    await delivery.register('v2', { trainedBy: 'user:default/ghost' });
    await delivery.stage('v2');
    const refused = await delivery.request('v2', 'production');
    expect([refused.status, refused.body.error.message]).toEqual([
      409,
      expect.stringContaining(
        "'user:default/ghost' trained it or wrote commits of it and is no user of the catalog",
      ),
    ]);
  });

  it('are not asked for while the registry names nobody who trained it, but of a program that is one', async () => {
    await delivery.register('v2', { trainedBy: 'service:retraining' });
    await delivery.stage('v2');
    await delivery.askForApproval('v2');
    await delivery.register('v3', { trainedBy: 'service:registry' });
    await delivery.stage('v3');
    const refused = await delivery.request('v3', 'production');
    expect([refused.status, refused.body.error.message]).toEqual([
      409,
      expect.stringContaining(
        "somebody whom the registry does not name ('service:registry') trained it",
      ),
    ]);
  });

  it('show in the inbox until decided, then among what was decided', async () => {
    const id = await ask();
    const waiting = await inbox(people.riskManager, 'waiting');
    expect(waiting.counts.waiting).toBe(1);
    expect(waiting.items).toMatchObject([
      { promotion: { id }, roles: ['model-risk-manager'], decision: null },
    ]);
    expect((await inbox(people.outsider, 'waiting')).items).toEqual([]);
    await delivery.decide(id, people.riskManager, 'model-risk-manager');
    expect((await inbox(people.riskManager, 'waiting')).items).toEqual([]);
    expect((await inbox(people.secondRiskManager, 'waiting')).items).toEqual(
      [],
    );
    expect((await inbox(people.riskManager, 'decided')).items).toMatchObject([
      { promotion: { id }, decision: { decision: 'approve' } },
    ]);
  });

  it('given twice by a double click are one decision', async () => {
    const id = await ask();
    const promotion = await delivery.get(id);
    const click = () =>
      engine.as(people.riskManager).post(`/promotions/${id}/decisions`, {
        decision: 'approve',
        role: 'model-risk-manager',
        revision: promotion.revision,
        subjectDigest: promotion.approval.subject?.digest,
        reason: 'Checked',
      });
    const both = await Promise.all([click(), click()]);
    expect(
      both.map(each => each.status).every(code => [201, 409].includes(code)),
    ).toBe(true);
    expect(both.map(each => each.status)).toContain(201);
    expect((await click()).status).toBe(201);
    const after = await delivery.get(id);
    expect(after.approval.decisions).toHaveLength(1);
    expect(after.slotsFilled).toBe(1);
  });

  it('that race are told what won, and can be given again', async () => {
    const id = await ask();
    const promotion = await delivery.get(id);
    const decide = (by: string, role: string) =>
      engine.as(by).post(`/promotions/${id}/decisions`, {
        decision: 'approve',
        role,
        revision: promotion.revision,
        subjectDigest: promotion.approval.subject?.digest,
        reason: 'Checked',
      });
    const answered = await Promise.all([
      decide(people.riskManager, 'model-risk-manager'),
      decide(people.complianceOfficer, 'compliance-officer'),
    ]);
    expect(answered.map(each => each.status).sort()).toEqual([201, 409]);
    const loser = answered.find(each => each.status === 409)!;
    expect(loser.body.error.current).toMatchObject({
      state: 'awaiting-approval',
      revision: promotion.revision + 1,
    });
    const again =
      loser === answered[0]
        ? await delivery.decide(id, people.riskManager, 'model-risk-manager')
        : await delivery.decide(
            id,
            people.complianceOfficer,
            'compliance-officer',
          );
    expect(again.status).toBe(201);
    await delivery.until(id, 'succeeded');
  });

  it('are voided when a metric changes, and asked for again', async () => {
    const id = await ask();
    const before = await delivery.get(id);
    await delivery.decide(id, people.riskManager, 'model-risk-manager');
    await delivery.report(
      'v1',
      { candidate: { ...goodFacts(1).candidate, f1: 0.838 } },
      'second',
    );
    const after = await delivery.until(
      id,
      promotion =>
        promotion.state === 'awaiting-approval' &&
        promotion.approval.decisions[0]?.voided !== null,
    );
    expect(after.slotsFilled).toBe(0);
    expect(after.approval.decisions[0].voided?.because).toContain(
      'F1 was 0.842 and is now 0.838',
    );
    expect(after.approval.subject?.digest).not.toBe(
      before.approval.subject?.digest,
    );
    const stale = await delivery.decide(
      id,
      people.complianceOfficer,
      'compliance-officer',
      { subjectDigest: before.approval.subject?.digest },
    );
    expect([stale.status, stale.body.error.message]).toEqual([
      409,
      expect.stringContaining(
        'it changed since you looked: accuracy was measured again: 0.9 as before, F1 was 0.842 and is now 0.838',
      ),
    ]);
    const old = await delivery.decide(
      id,
      people.complianceOfficer,
      'compliance-officer',
      { revision: before.revision },
    );
    expect(old.status).toBe(409);
    const timeline = await engine
      .as(people.dataScientist)
      .get(`/promotions/${id}/timeline?limit=200`);
    expect(
      timeline.body.items.map((each: { action: string }) => each.action),
    ).toContain('promotion.decisions-voided');
    await delivery.approve(id);
    await delivery.until(id, 'succeeded');
  });

  /** Goes on with other policies, and perhaps another model. */
  const restart = async (spec: Record<string, string> = {}) => {
    await engine.stop();
    engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default', spec)],
      clock: engine.clock,
      deployer: engine.deployer,
      config: {
        modelDelivery: {
          policies: {
            directory: resolve(__dirname, '../../../../examples/policies'),
          },
        },
      },
    });
    delivery = new TestDelivery(engine);
  };

  it('hold when another policy comes into force, which is for new promotions', async () => {
    const id = await ask();
    await delivery.decide(id, people.riskManager, 'model-risk-manager');
    await restart();
    await delivery.transition(id, 're-evaluate');
    const after = await delivery.until(id, 'awaiting-approval');
    expect(after.slotsFilled).toBe(1);
    expect(after.policy.name).toBe('high-small');
    expect(after.newerPolicy?.name).toBe('high-demo');
  });

  it('are asked for by the stricter policy once the model is of higher risk', async () => {
    await restart({ risk: 'medium' });
    const id = await ask();
    expect((await delivery.get(id)).policy.name).toBe('medium-demo');
    await restart({ risk: 'high' });
    const after = await delivery.until(
      id,
      promotion => promotion.policy.name === 'high-demo',
    );
    // It asks for a gate more, of which nothing was reported
    expect(after.statement).toContain('1 gate lacks evidence');
    expect(after.newerPolicy).toBeUndefined();
  });

  it('are asked for as before when the model becomes one of lower risk, which the audit log tells', async () => {
    const id = await ask();
    await delivery.decide(id, people.riskManager, 'model-risk-manager');
    await restart({ risk: 'low' });
    await delivery.transition(id, 're-evaluate');
    const after = await delivery.until(id, 'awaiting-approval');
    expect([after.policy.name, after.slotsFilled]).toEqual(['high-small', 1]);
    expect(after.newerPolicy?.name).toBe('low-demo');
    const { body } = await engine
      .as(people.riskManager)
      .get('/audit?limit=50')
      .expect(answers(200));
    expect(
      body.items.find(
        (each: { action: string }) => each.action === 'model.changed',
      ),
    ).toMatchObject({
      actor: 'service:catalog',
      summary:
        'The catalog says otherwise of model:default/credit-default now: risk low instead of high',
    });
  });

  it('hold when the same evidence is evaluated again', async () => {
    const id = await ask();
    await delivery.decide(id, people.riskManager, 'model-risk-manager');
    await delivery.transition(id, 're-evaluate');
    const after = await delivery.until(id, 'awaiting-approval');
    expect(after.slotsFilled).toBe(1);
  });

  it('that reject end the promotion', async () => {
    const id = await ask();
    const rejected = await delivery.decide(
      id,
      people.complianceOfficer,
      'compliance-officer',
      { decision: 'reject', reason: 'Legal basis unclear' },
    );
    expect([rejected.status, rejected.body.state]).toEqual([201, 'rejected']);
    const late = await delivery.decide(
      id,
      people.riskManager,
      'model-risk-manager',
    );
    expect(late.status).toBe(409);
  });

  it('expire', async () => {
    const id = await ask();
    await delivery.decide(id, people.riskManager, 'model-risk-manager');
    engine.clock.advance({ hours: 73 });
    const expired = await delivery.until(id, 'expired');
    expect(expired.allowedEvents).toEqual([]);
  });
});
