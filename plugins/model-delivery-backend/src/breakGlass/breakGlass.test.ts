import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { Promotion } from '@slipway/backstage-plugin-model-delivery-common';
import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import {
  answers,
  goodFacts,
  TestDelivery,
} from '../__testUtils__/TestDelivery';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

const reason = 'Every answer is an error since the upstream changed';

/** Facts with which the gate of fairness fails. */
const unfair = {
  ...goodFacts(2),
  candidate: { ...goodFacts(2).candidate, fairness_gap: 0.4 },
};

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('emergency promotions on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  let engine: TestEngine;
  let delivery: TestDelivery;
  let denied: { user: string; permission: string } | undefined;

  beforeEach(async () => {
    denied = undefined;
    ({ engine } = await engines.start({
      start: ground =>
        startTestEngine({
          ...ground,
          entities: [modelEntity('credit-default'), modelEntity('another')],
          decide: (permission, user) => ({
            result:
              denied?.user === user && denied?.permission === permission
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
          }),
        }),
      arrange: async first => {
        const arranged = new TestDelivery(first);
        await arranged.register('v1');
        await arranged.deployFirst('v1');
        await arranged.register('v2', { facts: unfair });
      },
    }));
    delivery = new TestDelivery(engine);
    engine.notifications.splice(0);
  });
  afterEach(() => engine.stop());

  const breakGlass = (
    more: {
      by?: string;
      version?: string;
      environment?: string;
      reason?: string;
      idempotencyKey?: string;
    } = {},
  ) =>
    engine.as(more.by ?? people.onCall).post('/promotions', {
      model: `model:default/${delivery.model}`,
      version: more.version ?? 'v2',
      environment: more.environment ?? 'production',
      breakGlass: { reason: more.reason ?? reason },
      ...(more.idempotencyKey && { idempotencyKey: more.idempotencyKey }),
    });
  const broken = async (more = {}): Promise<Promotion> =>
    (await breakGlass(more).expect(answers(201))).body;
  const review = (id: string, by: string, more: object = {}) =>
    engine.as(by).post(`/promotions/${id}/review`, {
      outcome: 'justified',
      reason: 'The outage was real, and v2 ended it',
      ...more,
    });
  const inbox = async (by: string) =>
    (await engine.as(by).get('/approvals?section=reviews').expect(answers(200)))
      .body;
  const audit = async (action: string) =>
    (
      await engine
        .as(people.platformEngineer)
        .get('/audit?limit=200')
        .expect(answers(200))
    ).body.items.filter((each: { action: string }) => each.action === action);
  const told = (title: RegExp) =>
    engine.notifications.filter(each => title.test(each.payload.title));

  it('put a version at once into production, past all that would hold it, and name it', async () => {
    const preview = await engine
      .as(people.onCall)
      .get(`${delivery.path}/break-glass?version=v2&environment=production`)
      .expect(answers(200));
    const { id } = await broken();
    const done = await delivery.until(id, 'succeeded');

    expect(done.breakGlass).toEqual({
      reason,
      role: expect.objectContaining({ role: 'on-call' }),
      reviewRole: expect.objectContaining({ role: 'model-risk-manager' }),
      bypassed: [
        {
          kind: 'approval',
          name: 'model-risk-manager',
          title: '1 approval by Model risk manager',
        },
        {
          kind: 'approval',
          name: 'compliance-officer',
          title: '1 approval by Compliance officer',
        },
        {
          kind: 'gate',
          name: 'fairness',
          title: 'The fairness gap is below 5 %: failed',
        },
        {
          kind: 'environment',
          name: 'staging',
          title: 'A verified deployment in staging',
        },
        {
          kind: 'rollout',
          name: 'canary',
          title: 'The canary at 5, 25, 50 and 100 %',
        },
      ],
      reviewBy: '2026-11-22T09:05:00.000Z',
      overdue: false,
      review: null,
    });
    expect(preview.body).toMatchObject({
      bypassed: done.breakGlass!.bypassed,
      reviewWithinSeconds: 24 * 3600,
      refusedBecause: null,
      replaces: null,
      waitsFor: null,
    });
    // The gates are judged and kept as they are
    expect(done.gateCounts).toMatchObject({ failed: 1, waived: 0, warned: 0 });
    const gates = await engine
      .as(people.outsider)
      .get(`/promotions/${id}/gates`);
    expect(
      gates.body.items.find(
        (each: { gate: string }) => each.gate === 'fairness',
      ).verdict,
    ).toBe('failed');
    expect(done.reason).toBe('unplanned-fix');
    expect(done.approval.slots).toEqual([]);
    // All at once, with the version before still there to return to, and watched as the policy says
    expect(done.rollout!.plan).toMatchObject({
      strategy: 'direct',
      keepPreviousSeconds: 48 * 3600,
      watchSeconds: 48 * 3600,
    });
    const target = {
      model: 'model:default/credit-default',
      environment: 'production',
    };
    expect(engine.deployer.sharesOf(target)).toEqual([
      { version: 'v2', share: 100 },
    ]);
    const { versions } = await engine.deployer.observe(target);
    expect(versions).toContainEqual({ version: 'v1', ready: true });

    const [entry] = await audit('promotion.break-glass');
    expect(entry.actor).toBe(people.onCall);
    expect(entry.summary).toContain(
      'Broke the glass to put v2 into production, past 1 approval by Model risk manager, ',
    );
    expect(entry.summary).toContain('The fairness gap is below 5 %: failed');
    expect(entry.summary).toContain(reason);
  });

  it('are told at once, as critical, to the owner, the reviewers and whoever asked', async () => {
    await broken();
    await until(async () => told(/^Emergency/).length > 0);
    const [{ recipients, payload }] = told(/^Emergency/);
    expect(recipients).toEqual({
      type: 'entity',
      entityRef: [
        'group:default/credit-risk',
        'group:default/model-risk-managers',
        people.onCall,
      ],
    });
    expect(payload.severity).toBe('critical');
    expect(payload.title).toBe(
      'Emergency: v2 of Title of credit-default goes to production by break-glass',
    );
    expect(payload.description).toContain(reason);
    expect(payload.description).toContain(
      'The fairness gap is below 5 %: failed',
    );
    expect(payload.description).toContain('by 2026-11-22 09:05 UTC');
  });

  it('are refused in clear words to whom and where they are not allowed', async () => {
    const refusal = async (status: number, more = {}) =>
      (await breakGlass(more).expect(answers(status))).body.error.message;
    expect(await refusal(403, { by: people.mlEngineer })).toBe(
      'You are not an on-call engineer, who alone may break the glass in production: you are in no group within group:default/on-call',
    );
    expect(await refusal(403, { environment: 'staging' })).toBe(
      "The policy 'high-small' allows no emergency promotion to staging",
    );
    expect(await refusal(400, { reason: '   too short   ' })).toContain(
      'request/body/breakGlass/reason has to be at least 10 characters long',
    );
    expect(await refusal(400, { environment: 'mars' })).toContain("'mars'");
    expect(await refusal(404, { version: 'v9' })).toContain('no version v9');
    expect(await refusal(409, { version: 'v1' })).toBe(
      'v1 already serves in production',
    );
    const program = await engine
      .as()
      .post('/promotions', {
        model: 'model:default/credit-default',
        version: 'v2',
        environment: 'production',
        breakGlass: { reason },
      })
      .expect(answers(403));
    expect(program.body.error.message).toBe(
      'service:pipeline is a program; only people may break the glass',
    );
    jest.spyOn(engine.deployer, 'serves').mockReturnValue(false);
    expect(await refusal(409)).toContain('No deployer serves');
    denied = {
      user: people.onCall,
      permission: 'model-delivery.promotion.break-glass',
    };
    expect(await refusal(403)).toContain('lacks the permission');
    expect(await audit('promotion.break-glass')).toEqual([]);
    const refused = await audit('promotion.break-glass-refused');
    expect(refused.map((each: { actor: string }) => each.actor)).toEqual([
      people.onCall,
      'service:pipeline',
      people.onCall,
      people.mlEngineer,
    ]);
    expect(refused.at(-1).summary).toContain(
      'Emergency promotion of v2 to production refused: You are not an on-call engineer',
    );
  });

  it('are refused where nothing serves, since there is no way back', async () => {
    engine.setEntities([modelEntity('credit-default'), modelEntity('fresh')]);
    const fresh = new TestDelivery(engine, 'fresh');
    await fresh.register('v1');
    const { body } = await engine
      .as(people.onCall)
      .post('/promotions', {
        model: 'model:default/fresh',
        version: 'v1',
        environment: 'production',
        breakGlass: { reason },
      })
      .expect(answers(409));
    expect(body.error.message).toContain('there is no way back from v1');
  });

  it('do not go past the health of the version itself', async () => {
    engine.deployer.behave('v2', { broken: true });
    const { id } = await broken();
    const errored = await delivery.until(id, 'errored');
    expect(errored.error?.message).toContain('did not become healthy');
    expect(
      engine.deployer.sharesOf({
        model: 'model:default/credit-default',
        environment: 'production',
      }),
    ).toEqual([{ version: 'v1', share: 100 }]);
  });

  it('take the place of the promotion that holds the same version, and say so', async () => {
    await delivery.register('v3');
    await delivery.stage('v3');
    const { body: waiting } = await delivery
      .request('v3', 'production')
      .expect(answers(201));
    await delivery.until(waiting.id, 'awaiting-approval');
    const preview = await engine
      .as(people.onCall)
      .get(`${delivery.path}/break-glass?version=v3&environment=production`);
    expect(preview.body.replaces).toBe(waiting.id);

    const { id } = await broken({ version: 'v3' });
    await delivery.until(id, 'succeeded');
    expect((await delivery.get(waiting.id)).state).toBe('cancelled');
    await until(async () => told(/^Your promotion of v3/).length > 0);
    const [{ recipients }] = told(/^Your promotion of v3/);
    expect(recipients).toMatchObject({ entityRef: [people.dataScientist] });
  });

  it('wait for a rollout that moves traffic, without stopping it, and go before others', async () => {
    await delivery.register('v3');
    const canary = await delivery.startCanary('v3');
    await delivery.register('v4');
    await delivery.stage('v4');
    const { body: ordinary } = await delivery
      .request('v4', 'production')
      .expect(answers(201));
    await delivery.approve(ordinary.id);
    await delivery.until(ordinary.id, promotion =>
      promotion.statement.includes('waits'),
    );
    const { id } = await broken();
    const queued = await delivery.until(id, promotion =>
      promotion.statement.includes('waits'),
    );
    expect(queued.statement).toBe(
      `Scheduled: it waits for promotion ${canary}, which moves traffic of production; then it goes before all others`,
    );
    expect((await delivery.get(canary)).state).toBe('rolling-out');
    engine.clock.advance({ seconds: 31 });
    await delivery.until(ordinary.id, promotion =>
      promotion.statement.includes(
        `it waits for the emergency promotion ${id}, which goes first`,
      ),
    );

    answers(200)(await delivery.transition(canary, 'abort'));
    await delivery.until(id, 'succeeded');
    const performed = engine.deployer.performed.join('; ');
    expect(performed).toContain('traffic v2=100');
    expect(performed).not.toContain('v4=5');
  });

  it('asked for twice under one key are one, and two at once are one', async () => {
    const [a, b] = await Promise.all([
      breakGlass({ idempotencyKey: 'click' }),
      breakGlass({ idempotencyKey: 'click' }),
    ]);
    expect([a.status, b.status].sort()).toEqual([200, 201]);
    expect(a.body.id).toBe(b.body.id);
    expect(await audit('promotion.break-glass')).toHaveLength(1);
    const plain = await delivery.request('v2', 'production', {
      by: people.onCall,
      idempotencyKey: 'click',
    });
    expect(plain.status).toBe(409);
  });

  it('are reviewed once, by somebody in the review role who had no part in it', async () => {
    const { id } = await broken({ by: people.secondOnCall });
    await delivery.until(id, 'succeeded');
    const refusal = async (by: string, more: object = {}, status = 403) =>
      (await review(id, by, more).expect(answers(status))).body.error.message;
    expect(await refusal(people.complianceOfficer)).toBe(
      'You are not a model risk manager: you are in no group within group:default/model-risk-managers',
    );
    // She is a model risk manager too, but broke the glass herself
    expect(await refusal(people.secondOnCall)).toBe(
      'You requested it, so you may not review it',
    );
    expect(await audit('promotion.review-refused')).toEqual([
      expect.objectContaining({
        actor: people.secondOnCall,
        subject: `promotion:${id}`,
        summary: 'Review refused: You requested it, so you may not review it',
      }),
      expect.objectContaining({ actor: people.complianceOfficer }),
    ]);
    expect(await refusal(people.riskManager, { reason: '  ' }, 400)).toContain(
      'request/body/reason is compulsory',
    );
    expect((await inbox(people.secondOnCall)).items).toEqual([]);
    expect((await inbox(people.complianceOfficer)).counts.reviews).toBe(0);
    const waiting = await inbox(people.riskManager);
    expect(waiting.counts.reviews).toBe(1);
    expect(waiting.items[0].promotion.id).toBe(id);
    expect((await delivery.get(id, people.riskManager)).review).toEqual({
      mayReview: true,
      barredBecause: null,
    });
    expect((await delivery.get(id, people.secondOnCall)).review).toEqual({
      mayReview: false,
      barredBecause: 'You requested it',
    });

    const both = await Promise.all([
      review(id, people.riskManager, { outcome: 'unjustified' }),
      review(id, people.secondRiskManager),
    ]);
    expect(both.map(each => each.status).sort()).toEqual([201, 409]);
    const winner = both.find(each => each.status === 201)!.body;
    expect(winner.breakGlass.review).toMatchObject({
      reason: 'The outage was real, and v2 ended it',
      reviewedAt: engine.clock.now().toISOString(),
    });
    const reviewed = winner.breakGlass.review;
    // The same sent again is the same; anything else comes too late
    const again = await review(id, reviewed.reviewedBy, {
      outcome: reviewed.outcome,
    });
    expect([again.status, again.body.breakGlass.review]).toEqual([
      201,
      reviewed,
    ]);
    expect(
      await refusal(reviewed.reviewedBy, { reason: 'On second thought' }, 409),
    ).toContain('was reviewed already');
    expect(await audit('promotion.reviewed')).toHaveLength(1);
    expect((await inbox(people.riskManager)).counts.reviews).toBe(0);
    await until(async () => told(/was (un)?justified$/).length > 0);
    expect(told(/was (un)?justified$/)).toHaveLength(1);
  });

  it('bar whoever trained the version or wrote its commits from the review', async () => {
    await delivery.register('v5', { trainedBy: people.riskManager });
    const { id } = await broken({ version: 'v5' });
    await delivery.until(id, 'succeeded');
    const { body } = await review(id, people.riskManager).expect(answers(403));
    expect(body.error.message).toBe('You trained it, so you may not review it');
    expect((await inbox(people.riskManager)).items).toEqual([]);
    await review(id, people.secondRiskManager).expect(answers(201));
  });

  it('leave nothing to review of other promotions', async () => {
    const { body } = await review('1', people.riskManager).expect(answers(409));
    expect(body.error.message).toContain('is no emergency');
  });

  it('are shown as overdue when nobody reviewed them in time, and told of once more', async () => {
    const { id } = await broken();
    await delivery.until(id, 'succeeded');
    const list = async (which: string) =>
      (
        await engine
          .as(people.outsider)
          .get(`/promotions?review=${which}`)
          .expect(answers(200))
      ).body.items.map((each: Promotion) => each.id);
    const ofModel = async () =>
      (await engine.as(people.outsider).get(delivery.path)).body.reviewDue;
    expect([await list('due'), await list('overdue')]).toEqual([[id], []]);
    expect(await ofModel()).toEqual({
      promotionId: id,
      reviewBy: '2026-11-22T09:05:00.000Z',
      overdue: false,
    });
    engine.clock.advance({ hours: 23, minutes: 59 });
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(told(/^Overdue/)).toEqual([]);

    engine.clock.advance({ minutes: 1 });
    await until(async () => told(/^Overdue/).length > 0);
    expect(told(/^Overdue/)[0]).toMatchObject({
      recipients: {
        entityRef: [
          'group:default/credit-risk',
          'group:default/model-risk-managers',
          people.onCall,
        ],
      },
      payload: { severity: 'critical' },
    });
    expect((await delivery.get(id)).breakGlass?.overdue).toBe(true);
    expect([await list('due'), await list('overdue')]).toEqual([[id], [id]]);
    expect((await ofModel()).overdue).toBe(true);
    const sorted = async () =>
      (
        await engine.as(people.outsider).get('/models?sort=attention')
      ).body.items.map((each: { name: string }) => each.name);
    expect(await sorted()).toEqual(['credit-default', 'another']);
    engine.clock.advance({ hours: 48 });
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(told(/^Overdue/)).toHaveLength(1);
    expect(await audit('promotion.review-overdue')).toHaveLength(1);

    await review(id, people.riskManager).expect(answers(201));
    expect((await delivery.get(id)).breakGlass?.overdue).toBe(false);
    expect([await list('due'), await list('overdue')]).toEqual([[], []]);
    expect(await ofModel()).toBeUndefined();
    expect(await sorted()).toEqual(['another', 'credit-default']);
  });

  it('are paged in the list and in the inbox of whoever reviews them', async () => {
    const ids: string[] = [];
    for (const version of ['v2', 'v3', 'v4']) {
      if (version !== 'v2') {
        await delivery.register(version);
      }
      const { id } = await broken({ version });
      await delivery.until(id, 'succeeded');
      engine.clock.advance({ minutes: 1 });
      ids.push(id);
    }
    const walk = async (path: string, toId: (item: any) => string) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const { body }: { body: any } = await engine
          .as(people.riskManager)
          .get(`${path}&limit=2${cursor ? `&cursor=${cursor}` : ''}`)
          .expect(answers(200));
        seen.push(...body.items.map(toId));
        cursor = body.nextCursor;
      } while (cursor);
      return seen;
    };
    expect(
      await walk('/approvals?section=reviews', item => item.promotion.id),
    ).toEqual(ids);
    expect(await walk('/promotions?review=due', item => item.id)).toEqual(
      [...ids].reverse(),
    );
    const models = await engine.as(people.outsider).get('/models');
    expect(models.body.items[0].reviewDue.promotionId).toBe(ids[0]);
  });

  it('are counted in the delivery metrics, with their events', async () => {
    const { id } = await broken();
    await delivery.until(id, 'succeeded');
    const period = 'from=2026-11-20T00:00:00Z&to=2026-11-27T00:00:00Z';
    const { body } = await engine
      .as(people.platformEngineer)
      .get(`/metrics?${period}`)
      .expect(answers(200));
    const measure = (name: string) =>
      body.measures.find((each: { id: string }) => each.id === name);
    expect(measure('break-glass-rate')).toMatchObject({
      value: 0.5,
      count: 1,
      sampleSize: 2,
      coverage: 1,
    });
    expect(measure('rework-rate')).toMatchObject({ count: 1 });
    const events = await engine
      .as(people.platformEngineer)
      .get(`/metrics/events?measure=break-glass-rate&${period}`)
      .expect(answers(200));
    expect(
      events.body.items.map((each: any) => [each.promotionId, each.counted]),
    ).toEqual([
      [id, true],
      ['2', false],
    ]);
    const empty = await engine
      .as(people.platformEngineer)
      .get('/metrics?from=2026-01-05T00:00:00Z&to=2026-01-12T00:00:00Z')
      .expect(answers(200));
    expect(
      empty.body.measures.find(
        (each: { id: string }) => each.id === 'break-glass-rate',
      ).value,
    ).toBeNull();
  });

  it('show on the model’s page to whom they are open, and where', async () => {
    const mayIn = async (by: string) =>
      (await engine.as(by).get(delivery.path)).body.viewer.mayBreakGlassIn;
    expect(await mayIn(people.onCall)).toEqual(['production']);
    // Through a nested group
    expect(await mayIn(people.secondOnCall)).toEqual(['production']);
    expect(await mayIn(people.platformEngineer)).toEqual([]);
    denied = {
      user: people.onCall,
      permission: 'model-delivery.promotion.break-glass',
    };
    expect(await mayIn(people.onCall)).toEqual([]);
  });

  it('are allowed to outside controllers that ask for the verdict of the release', async () => {
    engine.deployer.answerInstead = operation =>
      operation === 'prepare v2' ? { state: 'pending' } : undefined;
    const verdict = async () =>
      (
        await engine
          .as()
          .get(`${delivery.path}/versions/v2/verdict?environment=production`)
          .expect(answers(200))
      ).body;
    expect((await verdict()).allowed).toBe(false);
    const { id } = await broken();
    await delivery.until(id, 'rolling-out');
    expect(await verdict()).toMatchObject({
      allowed: true,
      statement: `v2 to production is allowed as an emergency by promotion ${id}, whatever its gates say`,
    });
  });
});
