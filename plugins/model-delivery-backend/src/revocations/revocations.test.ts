import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  Deployment,
  Evaluation,
  GateMatrix,
  GateVerdict,
  ModelDetail,
  Revocation,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import {
  answers,
  goodFacts,
  TestDelivery,
} from '../__testUtils__/TestDelivery';

jest.setTimeout(90_000);

const REASON = 'The test set leaked into the training set';

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('evidence that was found wrong on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default')],
      decide: (permission, user) => ({
        result:
          user === people.outsider ||
          (permission === 'model-delivery.evidence.revoke' &&
            user === people.dataScientist)
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      }),
    });
    delivery = new TestDelivery(engine);
    await delivery.register('v1');
  });
  afterEach(() => engine.stop());

  const revoke = (more: object = {}, by: string = people.riskManager) =>
    engine.as(by).post(`${delivery.path}/revocations`, {
      version: 'v1',
      evaluation: 'first-candidate',
      reason: REASON,
      ...more,
    });
  const preview = async (version = 'v1', evaluation = 'first-candidate') => {
    const { body } = await engine
      .as(people.dataScientist)
      .get(
        `${delivery.path}/revocations/preview?version=${version}&evaluation=${evaluation}`,
      )
      .expect(answers(200));
    return body;
  };
  const gatesOf = async (id: string): Promise<GateVerdict[]> =>
    (await engine.as(people.riskManager).get(`/promotions/${id}/gates`)).body
      .items;
  const detail = async (): Promise<ModelDetail> =>
    (
      await engine
        .as(people.dataScientist)
        .get(delivery.path)
        .expect(answers(200))
    ).body;
  const servingIn = async (environment: string): Promise<Deployment[]> =>
    (await detail()).environments.find(each => each.name === environment)!
      .serving;
  const told = () =>
    engine.notifications.map(({ recipients, payload }) => ({
      to: recipients.type === 'entity' ? [recipients.entityRef].flat() : [],
      title: payload.title,
      link: payload.link,
      description: payload.description,
    }));
  const untilTold = async (title: RegExp) => {
    const deadline = Date.now() + 10_000;
    while (Date.now() < deadline) {
      const found = told().filter(each => title.test(each.title));
      if (found.length > 0) {
        return found;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    throw new Error(`Nobody was told ${title}: ${JSON.stringify(told())}`);
  };

  it('counts no more: approvals are void, the promotion is held until somebody measures anew, and the history stays', async () => {
    await delivery.stage('v1');
    const { body } = await delivery
      .request('v1', 'production')
      .expect(answers(201));
    await delivery.until(body.id, 'awaiting-approval');
    await delivery
      .decide(body.id, people.secondRiskManager, 'model-risk-manager')
      .then(answers(201));
    const before = await delivery.get(body.id);

    const seen = await preview();
    expect(seen).toMatchObject({
      fact: 'candidate',
      revocation: null,
      effects: {
        promotions: [
          {
            id: body.id,
            environment: 'production',
            state: 'awaiting-approval',
            effect: 're-evaluated',
            decisions: 1,
          },
        ],
        deployments: [{ version: 'v1', environment: 'staging', share: 100 }],
      },
    });
    const { body: revocation } = await revoke().expect(answers(201));
    expect(revocation).toMatchObject({
      evaluation: 'first-candidate',
      reason: REASON,
      revokedBy: people.riskManager,
      effects: seen.effects,
    });

    const held = await delivery.until(body.id, 'blocked');
    const candidate = (await gatesOf(body.id)).find(each =>
      each.inputs.some(
        input => input.fact === 'candidate.metrics.fairness_gap',
      ),
    )!;
    expect(candidate).toMatchObject({
      verdict: 'no-evidence',
      explanation: expect.stringContaining(
        `The evaluation first-candidate, which measured fairness gap, was revoked: ${REASON}`,
      ),
    });
    expect(candidate.inputs[0]).toMatchObject({
      value: null,
      revoked: { id: revocation.id, revokedBy: people.riskManager },
    });
    expect(held.approval.decisions[0].voided?.because).toMatch(
      /was revoked; it was/,
    );
    await untilTold(/Your decision .* was voided/);
    const [message] = await untilTold(/Evidence of v1 .* was revoked/);
    expect(message.to).toEqual(
      expect.arrayContaining([people.dataScientist, people.secondRiskManager]),
    );
    expect(message.link).toMatch(
      /^\/catalog\/default\/model\/credit-default\/gates\?environment=production&gate=.*&version=v1/,
    );
    const late = await delivery.decide(
      body.id,
      people.complianceOfficer,
      'compliance-officer',
      { subjectDigest: before.approval.subject!.digest },
    );
    expect(late.status).toBe(409);

    // The report is there, marked; sent again it changes nothing
    const { body: page } = await engine
      .as(people.dataScientist)
      .get(`${delivery.path}/versions/v1/evaluations?limit=20`);
    const evaluation = (page.items as Evaluation[]).find(
      each => each.id === 'first-candidate',
    );
    expect(evaluation?.revoked).toMatchObject({ reason: REASON });
    const { body: list } = await engine
      .as(people.dataScientist)
      .get(`${delivery.path}/revocations`)
      .expect(answers(200));
    expect((list.items as Revocation[]).map(each => each.id)).toEqual([
      revocation.id,
    ]);
    const audit = await knex('audit_entries').where(
      'action',
      'evidence.revoked',
    );
    expect(audit).toHaveLength(1);

    await delivery.report('v1', { candidate: goodFacts(1).candidate }, 'again');
    const open = await delivery.until(body.id, 'awaiting-approval');
    expect(open.slotsFilled).toBe(0);
  });

  it('travels downstream: what serves is marked, and goes nowhere from there until it is measured anew', async () => {
    await delivery.stage('v1');
    await revoke().expect(answers(201));
    const [staging] = await servingIn('staging');
    expect(staging.revoked).toMatchObject([
      {
        revocation: { evaluation: 'first-candidate', reason: REASON },
        facts: expect.arrayContaining(['candidate.metrics.f1']),
        acknowledgement: null,
      },
    ]);
    const refused = await delivery.request('v1', 'production');
    expect([refused.status, refused.body.error.message]).toEqual([
      409,
      `v1 went to staging on the evaluation first-candidate, which was revoked: ${REASON}. It needs new evidence first`,
    ]);
    await delivery.report('v1', { candidate: goodFacts(1).candidate }, 'again');
    const { body } = await delivery
      .request('v1', 'production')
      .expect(answers(201));
    await delivery.until(body.id, 'awaiting-approval');
    // What was marked stays so until it is replaced
    expect((await servingIn('staging'))[0].revoked).toHaveLength(1);
    await delivery.register('v2');
    await delivery.stage('v2');
    expect(
      (await servingIn('staging')).map(each => [each.version, each.revoked]),
    ).toEqual([['v2', undefined]]);
  });

  it('travels downstream of a rollback too, to what that put back', async () => {
    await delivery.stage('v1');
    await delivery.register('v2');
    await delivery.stage('v2');
    await revoke().expect(answers(201));
    const { body } = await engine
      .as(people.onCall)
      .post(`${delivery.path}/rollbacks`, {
        environment: 'staging',
        reason: 'Nonsense answers',
      })
      .expect(answers(201));
    await delivery.until(body.id, 'succeeded');
    const [staging] = await servingIn('staging');
    expect([staging.version, staging.kind]).toEqual(['v1', 'rollback']);
    expect(staging.revoked).toMatchObject([
      { facts: expect.arrayContaining(['candidate.metrics.f1']) },
    ]);
    const refused = await delivery.request('v1', 'production');
    expect([refused.status, refused.body.error.message]).toEqual([
      409,
      `v1 went to staging on the evaluation first-candidate, which was revoked: ${REASON}. It needs new evidence first`,
    ]);
    await delivery.report('v1', { candidate: goodFacts(1).candidate }, 'again');
    await delivery.request('v1', 'production').expect(answers(201));
  });

  it('counts as it did then when a draft of a policy is tried', async () => {
    await delivery.deployFirst('v1');
    await delivery.register('v2');
    await revoke().expect(answers(201));
    const { body } = await delivery
      .request('v2', 'staging')
      .expect(answers(201));
    // Nothing tells whether it is better than what serves
    await delivery.until(body.id, 'blocked');
    const { body: trial } = await engine
      .as(people.riskManager)
      .post('/policies/try?limit=1', {
        yaml: `apiVersion: slipway.dev/v1alpha1
kind: DeliveryPolicy
metadata: { name: draft, title: Draft }
spec: { extends: built-in/high-small, risk: high, teamSize: small }
`,
      })
      .expect(answers(200));
    expect([trial.examined, trial.items]).toEqual([1, []]);
  });

  it('shows in the health of a model that serves on it, until somebody lets it serve on', async () => {
    await delivery.deployFirst('v1');
    const { body: revocation } = await revoke().expect(answers(201));
    const marked = await detail();
    expect(marked.health).toEqual({
      state: 'evidence',
      detail: `v1 rests on revoked evidence: ${REASON}`,
    });
    const [production] = await servingIn('production');
    const verdicts = await gatesOf(production.promotionId!);
    expect(
      verdicts
        .filter(each => each.inputs.some(input => input.revoked))
        .map(each => [each.verdict, each.inputs[0].revoked?.evaluation])[0],
    ).toEqual(['passed', 'first-candidate']);
    const { body: matrix } = await engine
      .as(people.dataScientist)
      .get(`${delivery.path}/gates`);
    expect(
      (matrix as GateMatrix).versions[0].verdicts.some(each =>
        each.inputs.some(input => input.revoked?.id === revocation.id),
      ),
    ).toBe(true);
    const [message] = await untilTold(/Evidence of v1/);
    expect(message.to).toEqual(
      expect.arrayContaining([people.complianceOfficer, people.dataScientist]),
    );

    const acknowledge = (
      by: string,
      reason: string,
      deployment = production.id,
    ) =>
      engine
        .as(by)
        .post(
          `${delivery.path}/revocations/${revocation.id}/acknowledgements`,
          {
            deployment,
            reason,
          },
        );
    expect((await acknowledge(people.dataScientist, REASON)).status).toBe(403);
    expect(
      (await acknowledge(people.riskManager, REASON, 'nothing')).status,
    ).toBe(404);
    // Who made it may not clear its mark, and is told before they try
    const barredFrom = async (user: string) => {
      const { body } = await engine.as(user).get(delivery.path);
      return (body as ModelDetail).viewer.barredFromServingOn;
    };
    expect(await barredFrom(people.mlEngineer)).toContainEqual({
      deployment: production.id,
      because: 'You authored commit 8f2c1e7',
    });
    expect(await barredFrom(people.complianceOfficer)).toEqual([]);
    const barred = await acknowledge(people.mlEngineer, REASON);
    expect([barred.status, barred.body.error.message]).toEqual([
      403,
      'You authored commit 8f2c1e7, so you may not say that it serves on',
    ]);
    const refused = await knex('audit_entries')
      .where('action', 'evidence.acknowledgement-refused')
      .orderBy('index')
      .select('actor', 'subject', 'summary');
    expect(refused.at(-1)).toEqual({
      actor: people.mlEngineer,
      subject: `deployment:${production.id}`,
      summary:
        'Letting it serve on refused: You authored commit 8f2c1e7, so you may not say that it serves on',
    });
    expect(refused.map(each => each.actor)).toContain(people.dataScientist);
    const { body: serves } = await acknowledge(
      people.complianceOfficer,
      'It is replaced by the evening',
    ).expect(answers(200));
    expect(serves.revoked[0].acknowledgement).toMatchObject({
      by: people.complianceOfficer,
      reason: 'It is replaced by the evening',
    });
    await acknowledge(
      people.complianceOfficer,
      'It is replaced by the evening',
    ).expect(answers(200));
    expect(
      (await acknowledge(people.riskManager, 'Another reason here')).status,
    ).toBe(409);
    expect((await detail()).health.state).not.toBe('evidence');
    expect(
      (await barredFrom(people.mlEngineer)).map(each => each.deployment),
    ).not.toContain(production.id);
    expect(
      await knex('audit_entries').where(
        'action',
        'evidence.revocation-acknowledged',
      ),
    ).toHaveLength(1);
  });

  it('pauses a rollout, which goes on only by the word of a person', async () => {
    await delivery.deployFirst('v1');
    await delivery.register('v2');
    const id = await delivery.startCanary('v2');
    await revoke({ version: 'v2' }).expect(answers(201));
    const paused = await delivery.until(id, 'paused');
    expect(paused.statement).toMatch(
      `the evaluation first-candidate was revoked: ${REASON}. A person decides`,
    );
    await untilTold(/The rollout of v2 .* was paused/);
    engine.clock.advance({ hours: 3 });
    await new Promise(resolve => setTimeout(resolve, 400));
    expect((await delivery.get(id)).state).toBe('paused');
    const resumed = await delivery.transition(id, 'resume');
    expect(resumed.body).toMatchObject({ state: 'rolling-out' });
    const again = await delivery.transition(id, 'pause');
    expect(again.body.statement).not.toMatch(/revoked/);
  });

  it('of the version in production leaves nothing to compare with, and lets no other one through', async () => {
    await delivery.deployFirst('v1');
    await delivery.register('v2');
    await delivery.stage('v2');
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(201));
    await delivery.until(body.id, 'awaiting-approval');
    await revoke().expect(answers(201));
    await delivery.until(body.id, 'blocked');
    const verdict = (await gatesOf(body.id)).find(each =>
      each.inputs.some(input => input.fact === 'production.metrics.f1'),
    );
    expect(verdict).toMatchObject({ verdict: 'no-evidence' });
  });

  it('is revoked once, by people who may, with a reason', async () => {
    const both = await Promise.all([
      revoke({ idempotencyKey: 'k1' }),
      revoke(
        { reason: 'Measured on last year’s data' },
        people.complianceOfficer,
      ),
    ]);
    expect(both.map(each => each.status).sort()).toEqual([201, 409]);
    expect(await knex('revocations')).toHaveLength(1);
    const [{ revoked_by: by, reason, idempotency_key: key }] = await knex(
      'revocations',
    );
    await revoke({ reason, ...(key && { idempotencyKey: key }) }, by).expect(
      answers(200),
    );
    for (const [response, status] of [
      [revoke({ evaluation: 'first-tests' }, people.dataScientist), 403],
      [revoke({ evaluation: 'first-tests' }, people.outsider), 403],
      [
        engine.as().post(`${delivery.path}/revocations`, {
          version: 'v1',
          evaluation: 'first-tests',
          reason: REASON,
        }),
        403,
      ],
      [revoke({ evaluation: 'first-tests', reason: 'wrong' }), 400],
      [revoke({ evaluation: 'first-tests', reason: '              ' }), 400],
      [revoke({ evaluation: 'never' }), 404],
      [revoke({ version: 'v9' }), 404],
    ] as const) {
      expect((await response).status).toBe(status);
    }
    await revoke({ evaluation: 'first-tests', idempotencyKey: 'k2' }).expect(
      answers(201),
    );
    expect(
      (await revoke({ evaluation: 'first-data', idempotencyKey: 'k2' })).status,
    ).toBe(409);
    expect(await knex('revocations')).toHaveLength(2);
  });
});
