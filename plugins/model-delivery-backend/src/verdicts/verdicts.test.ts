import { createMockDirectory } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { arrangeRollout } from '../__testUtils__/arrangeRollout';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import {
  answers,
  goodFacts,
  TestDelivery,
} from '../__testUtils__/TestDelivery';
import { decideRelease, ReleaseFacts } from './decideRelease';

jest.setTimeout(60_000);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('verdicts for outside callers on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('credit-default')],
      decide: (_, user) => ({
        result:
          user === people.outsider
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      }),
    });
    delivery = new TestDelivery(engine);
  });
  afterEach(() => engine.stop());

  const ask = async (version: string, environment: string) => {
    const { body } = await engine
      .as()
      .get(
        `${delivery.path}/versions/${version}/verdict?environment=${environment}`,
      )
      .expect(answers(200));
    return body;
  };

  it('follow a version from its gates to production', async () => {
    await delivery.register('v1');
    expect(await ask('v1', 'staging')).toMatchObject({
      verdict: 'allowed',
      allowed: true,
      promotion: null,
      blocking: [],
    });
    expect(await ask('v1', 'production')).toMatchObject({
      verdict: 'refused',
      allowed: false,
      statement:
        'v1 to production is refused: v1 has not proven itself in staging; promote it there first',
    });

    await delivery.stage('v1');
    expect(await ask('v1', 'staging')).toMatchObject({
      verdict: 'allowed',
      statement: 'v1 serves in staging already',
    });
    expect(await ask('v1', 'production')).toMatchObject({
      verdict: 'waiting',
      statement:
        'v1 to production waits: the policy asks for approvals, and nobody has requested a promotion',
    });

    const { body } = await delivery
      .request('v1', 'production')
      .expect(answers(201));
    await delivery.until(body.id, 'awaiting-approval');
    expect(await ask('v1', 'production')).toMatchObject({
      verdict: 'waiting',
      promotion: { id: body.id, state: 'awaiting-approval' },
    });

    await delivery.approve(body.id);
    await delivery.until(body.id, 'succeeded');
    expect((await ask('v1', 'production')).allowed).toBe(true);
  });

  it('name the gates that keep a version out', async () => {
    await delivery.register('v1', {
      facts: {
        ...goodFacts(1),
        candidate: { ...goodFacts(1).candidate, fairness_gap: 0.2 },
      },
    });
    const refused = await ask('v1', 'staging');
    expect(refused).toMatchObject({
      verdict: 'refused',
      allowed: false,
      gateCounts: { failed: 1 },
      blocking: [{ gate: 'fairness', verdict: 'failed' }],
    });
    expect(refused.statement).toContain('held by The fairness gap');
  });

  it('need no deployer of Slipway where somebody else deploys, but a promotion where people are asked', async () => {
    engine.deployer.serves = () => false;
    await delivery.register('v1');
    expect(await ask('v1', 'staging')).toMatchObject({ verdict: 'allowed' });
    await engine
      .as()
      .post(`${delivery.path}/deployments`, {
        id: 'staging-1',
        version: 'v1',
        environment: 'staging',
        startedAt: '2026-11-20T09:00:00Z',
      })
      .expect(answers(201));
    expect(await ask('v1', 'production')).toMatchObject({
      verdict: 'refused',
      statement: expect.stringContaining(
        'the policy asks for approvals, which a promotion gathers, and there can be none: No deployer serves',
      ),
    });
  });

  it('stay refused after somebody rejected it', async () => {
    await delivery.register('v1');
    await delivery.stage('v1');
    const { body } = await delivery
      .request('v1', 'production')
      .expect(answers(201));
    await delivery.until(body.id, 'awaiting-approval');
    const answer = await delivery.decide(
      body.id,
      people.riskManager,
      'model-risk-manager',
      { decision: 'reject', reason: 'Too early' },
    );
    answers(201)(answer);
    expect(await ask('v1', 'production')).toMatchObject({
      verdict: 'refused',
      promotion: { state: 'rejected' },
    });
  });

  it('are refused to callers who may not read the model, and for what does not exist', async () => {
    await delivery.register('v1');
    const path = `${delivery.path}/versions/v1/verdict`;
    await engine
      .as(people.outsider)
      .get(`${path}?environment=staging`)
      .expect(answers(403));
    const unknown = await engine.as().get(`${path}?environment=moon`);
    expect(unknown.status).toBe(400);
    expect(unknown.body.error.message).toContain('moon');
    await engine.as().get(path).expect(answers(400));
    await engine
      .as()
      .get(`${delivery.path}/versions/v9/verdict?environment=staging`)
      .expect(answers(404));
    await engine.anonymous
      .get(`/api/model-delivery${path}?environment=staging`)
      .expect(answers(401));
  });
});

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('the verdict on a version that served on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  const directory = createMockDirectory();

  it('is refused once it was rolled back, until it is requested again', async () => {
    const { engine, delivery } = await arrangeRollout(
      engines,
      directory,
      'strategy: direct',
    );
    const ask = async () => {
      const { body } = await engine
        .as()
        .get(`${delivery.path}/versions/v2/verdict?environment=production`)
        .expect(answers(200));
      return body;
    };
    try {
      const { body } = await delivery
        .request('v2', 'production')
        .expect(answers(201));
      await delivery.until(body.id, 'succeeded');
      expect(await ask()).toMatchObject({ allowed: true });
      const { body: back } = await engine
        .as(people.onCall)
        .post(`${delivery.path}/rollbacks`, {
          environment: 'production',
          reason: 'Complaints',
        })
        .expect(answers(201));
      await delivery.until(back.id, 'succeeded');
      expect(await ask()).toMatchObject({
        verdict: 'refused',
        allowed: false,
        statement: `v2 to production is refused: it was rolled back after promotion ${body.id}; request it again`,
      });
    } finally {
      await engine.stop();
    }
  });
});

describe('decideRelease', () => {
  const replaced: Omit<ReleaseFacts, 'needsApproval'> = {
    version: 'v1',
    environment: 'production',
    blocking: [],
    obstacle: undefined,
    hold: undefined,
    noPromotion: undefined,
    isServing: false,
    revoked: undefined,
    promotion: {
      id: 7,
      state: 'succeeded',
      obstacle: null,
      breakGlass: null,
      outcome: 'superseded',
    },
  };

  it('does not allow what serves on evidence that was revoked', () => {
    const serving = { ...replaced, isServing: true, needsApproval: true };
    expect(decideRelease(serving).verdict).toBe('allowed');
    expect(
      decideRelease({ ...serving, revoked: 'the labels were wrong' }),
    ).toEqual({
      verdict: 'refused',
      statement:
        'v1 to production is refused: it serves already, and rests on evidence that was revoked: the labels were wrong',
    });
  });

  it('takes an approval as used up once its deployment was replaced', () => {
    expect(decideRelease({ ...replaced, needsApproval: true })).toEqual({
      verdict: 'waiting',
      statement:
        'v1 to production waits: its approval was for promotion 7, whose deployment was replaced; request it again',
    });
    expect(decideRelease({ ...replaced, needsApproval: false }).verdict).toBe(
      'allowed',
    );
  });
});
