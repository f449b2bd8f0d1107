import { BundlePromotion } from '@slipway/backstage-plugin-model-delivery-common';
import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { until } from '../__testUtils__/until';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import {
  answers,
  goodFacts,
  TestDelivery,
} from '../__testUtils__/TestDelivery';

jest.setTimeout(240_000);

const RETRIEVER = 'model:default/retriever';
const RANKER = 'model:default/ranker';

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('bundles on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  let engine: TestEngine;
  let retriever: TestDelivery;
  let ranker: TestDelivery;

  beforeEach(async () => {
    ({ engine } = await engines.start({
      start: ground =>
        startTestEngine({
          ...ground,
          entities: [modelEntity('retriever'), modelEntity('ranker')],
        }),
      arrange: async first => {
        for (const [model, name] of [
          ['retriever', 'r'],
          ['ranker', 'k'],
        ] as const) {
          const delivery = new TestDelivery(first, model);
          await delivery.register(`${name}1`);
          await delivery.deployFirst(`${name}1`);
          await delivery.register(`${name}2`);
          await delivery.stage(`${name}2`);
        }
      },
    }));
    retriever = new TestDelivery(engine, 'retriever');
    ranker = new TestDelivery(engine, 'ranker');
  });
  afterEach(() => engine.stop());

  const register = (
    members: Record<string, string> = { [RETRIEVER]: 'r2', [RANKER]: 'k2' },
    name = 'Search',
  ) =>
    engine.as(people.dataScientist).post('/bundles', {
      name,
      members: Object.entries(members).map(([model, version]) => ({
        model,
        version,
      })),
    });
  const request = (bundle: string, environment = 'production', by?: string) =>
    engine
      .as(by ?? people.dataScientist)
      .post('/bundle-promotions', { bundle, environment });
  const get = async (id: string): Promise<BundlePromotion> =>
    (
      await engine
        .as(people.outsider)
        .get(`/bundle-promotions/${id}`)
        .expect(answers(200))
    ).body;
  const memberIds = (promotion: BundlePromotion) =>
    promotion.members.map(each => each.promotion!.id);
  const shares = (model: string) =>
    engine.deployer
      .sharesOf({ model, environment: 'production' })
      .map(each => `${each.version}=${each.share}`)
      .join(' ');
  const allShares = () => [shares(RETRIEVER), shares(RANKER)];

  /** Asks for r2 and k2 together in production. */
  async function ask(): Promise<BundlePromotion> {
    const { body: bundle } = await register().expect(answers(201));
    const { body } = await request(bundle.id).expect(answers(201));
    return body;
  }

  /** Asks for both and approves once: the first step of both runs. */
  async function start(): Promise<{ id: string; r: string; k: string }> {
    const promotion = await ask();
    const [k, r] = memberIds(promotion);
    await ranker.until(r, 'awaiting-approval');
    await ranker.approve(k);
    await ranker.untilStep(k, 0);
    await ranker.untilStep(r, 0);
    return { id: promotion.id, r, k };
  }

  async function finish(started: { r: string; k: string }, from = 0) {
    for (const index of [0, 1, 2, 3].slice(from)) {
      await ranker.untilStep(started.k, index);
      await ranker.untilStep(started.r, index);
      engine.clock.advance({ minutes: 31 });
    }
    await ranker.until(started.k, 'succeeded');
    await ranker.until(started.r, 'succeeded');
  }

  it('are the same for the same members, and one version of each model', async () => {
    const first = await register().expect(answers(201));
    const again = await register(
      { [RANKER]: 'k2', [RETRIEVER]: 'r2' },
      'Other name',
    ).expect(answers(200));
    expect(again.body).toEqual(first.body);
    expect(first.body).toMatchObject({
      name: 'Search',
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      members: [
        { model: RANKER, version: 'k2' },
        { model: RETRIEVER, version: 'r2' },
      ],
      servesIn: ['staging'],
    });
    const twice = await engine.as(people.dataScientist).post('/bundles', {
      name: 'Two of one',
      members: [
        { model: RANKER, version: 'k1' },
        { model: RANKER, version: 'k2' },
      ],
    });
    expect([twice.status, twice.body.error.message]).toEqual([
      400,
      expect.stringContaining('a bundle has one of each model'),
    ]);
  });

  it('move in step, settle together, and go back as one', async () => {
    const started = await start();
    expect(allShares()).toEqual(['r2=5 r1=95', 'k2=5 k1=95']);
    engine.deployer.behave('k2', { requests: 3 });
    engine.clock.advance({ minutes: 31 });
    await ranker.until(
      started.r,
      each => each.rollout?.steps[0].state === 'passed',
    );
    expect(allShares()).toEqual(['r2=5 r1=95', 'k2=5 k1=95']);
    const waiting = await ranker.get(started.r);
    expect(waiting.statement).toContain('waits for the others of the bundle');
    engine.deployer.behave('k2', {});
    engine.clock.advance({ minutes: 31 });
    await finish(started, 1);
    expect(allShares()).toEqual(['r2=100', 'k2=100']);
    expect(await get(started.id)).toMatchObject({ state: 'succeeded' });

    const { body } = await engine
      .as(people.onCall)
      .post(`/bundle-promotions/${started.id}/rollbacks`, {
        reason: 'Nonsense answers',
      })
      .expect(answers(201));
    const [k, r] = memberIds(body);
    await ranker.until(k, 'succeeded');
    await ranker.until(r, 'succeeded');
    expect(allShares()).toEqual(['r1=100', 'k1=100']);
    const history = await engine
      .as(people.outsider)
      .get(`${ranker.path}/deployments?environment=production`)
      .expect(answers(200));
    expect(
      history.body.items.map(
        (each: { version: string; outcome: string; bundle?: object }) => [
          each.version,
          each.outcome,
          each.bundle,
        ],
      ),
    ).toEqual([
      ['k1', 'serving', { id: '1', name: 'Search', promotionId: body.id }],
      [
        'k2',
        'rolled-back',
        { id: '1', name: 'Search', promotionId: started.id },
      ],
      ['k1', 'superseded', undefined],
    ]);
  });

  it('are approved once, by who is barred from no member, and void once one member changes', async () => {
    const promotion = await ask();
    const [k, r] = memberIds(promotion);
    await ranker.until(r, 'awaiting-approval');
    await ranker.until(k, 'awaiting-approval');
    const inbox = async (by: string, section = 'waiting') =>
      (
        await engine
          .as(by)
          .get(`/approvals?section=${section}`)
          .expect(answers(200))
      ).body;
    const { items, counts } = await inbox(people.riskManager);
    expect(counts.waiting).toBe(1);
    expect(items).toHaveLength(1);
    expect(items[0].promotion.bundle).toEqual({
      id: '1',
      name: 'Search',
      promotionId: promotion.id,
    });
    const asked = engine.notifications.filter(
      ({ payload }) =>
        payload.title === "Decide on the bundle 'Search' for production",
    );
    expect(asked).toHaveLength(1);

    await ranker.decide(r, people.riskManager, 'model-risk-manager');
    expect((await inbox(people.riskManager)).items).toEqual([]);
    // Two first releases, and the bundle as one
    expect((await inbox(people.riskManager, 'decided')).items).toHaveLength(3);
    const twice = await ranker.decide(
      k,
      people.riskManager,
      'compliance-officer',
    );
    expect([403, 409]).toContain(twice.status);
    const seen = await ranker.get(k);
    expect(seen.approval.slots.map(each => each.filled)).toEqual([1, 0]);
    expect(seen.approval.decisions).toHaveLength(1);

    await ranker.report(
      'k2',
      { candidate: { ...goodFacts(3).candidate } },
      'new',
    );
    const changed = await ranker.until(
      r,
      each =>
        each.state === 'awaiting-approval' &&
        each.approval.decisions.every(({ voided }) => voided !== null),
    );
    expect(changed.approval.decisions[0].voided!.because).toMatch(/F1 was/);
    await ranker.until(k, 'awaiting-approval');
    await ranker.approve(r);
    await ranker.untilStep(k, 0);
    const history = await engine
      .as(people.outsider)
      .get(`${ranker.path}/deployments?environment=production`)
      .expect(answers(200));
    const { approvedBy } = history.body.items.find(
      (each: { version: string }) => each.version === 'k2',
    );
    expect(approvedBy.sort()).toEqual([
      people.complianceOfficer,
      people.riskManager,
    ]);
  });

  it('refuse whoever is barred from one member, and end with one rejection', async () => {
    await retriever.register('r3', { trainedBy: people.riskManager });
    await retriever.stage('r3');
    const { body: bundle } = await register({
      [RETRIEVER]: 'r3',
      [RANKER]: 'k2',
    }).expect(answers(201));
    const { body } = await request(bundle.id).expect(answers(201));
    const [k, r] = memberIds(body);
    await ranker.until(k, 'awaiting-approval');
    await ranker.until(r, 'awaiting-approval');
    const barred = await ranker.decide(
      k,
      people.riskManager,
      'model-risk-manager',
    );
    expect([barred.status, barred.body.error.message]).toEqual([
      403,
      'You trained it, so you may not decide on it',
    ]);
    const rejected = await ranker.decide(
      k,
      people.complianceOfficer,
      'compliance-officer',
      { decision: 'reject' },
    );
    expect(rejected.status).toBe(201);
    expect(
      (await get(body.id)).members.map(each => each.promotion!.state),
    ).toEqual(['rejected', 'rejected']);
  });

  it('go back all together when one member fails', async () => {
    const started = await start();
    engine.deployer.behave('k2', { errorRate: 0.2 });
    engine.clock.advance({ minutes: 31 });
    await ranker.until(started.k, 'rolled-back');
    await ranker.until(started.r, 'rolled-back');
    expect(allShares()).toEqual(['r1=100', 'k1=100']);
    const { statement } = await get(started.id);
    expect(statement).toBe('All members were rolled back');
    // Nothing holds the environments any more
    const { body } = await request('1').expect(answers(201));
    await ranker.until(memberIds(body)[0], 'awaiting-approval');
  });

  it('go back as one when a member fails while it is watched after full traffic', async () => {
    await finish(await start());
    engine.deployer.behave('k2', { errorRate: 0.2 });
    engine.clock.advance({ minutes: 1 });
    await until(async () => allShares().join(' ') === 'r1=100 k1=100');
    const { body } = await engine
      .as(people.outsider)
      .get('/bundle-promotions?limit=1')
      .expect(answers(200));
    expect(body.items[0]).toMatchObject({
      kind: 'rollback',
      requestedBy: 'service:model-delivery',
    });
  });

  it('go back past what trouble stopped before it took traffic', async () => {
    const started = await start();
    await finish(started);
    await ranker.register('k3');
    await ranker.stage('k3');
    const { body: next } = await register(
      { [RETRIEVER]: 'r2', [RANKER]: 'k3' },
      'Next',
    ).expect(answers(201));
    engine.deployer.beforeOperation = operation => {
      if (operation === 'prepare k3') {
        throw new Error('The target does not answer');
      }
    };
    // The retriever stays as it is, and is held all the same
    const { body: stuck } = await request(next.id).expect(answers(201));
    const k = stuck.members[0].promotion.id;
    await ranker.approve(k);
    for (let attempts = 1; attempts <= 5; attempts++) {
      await ranker.until(k, each => each.error?.attempts === attempts);
      engine.clock.advance({ minutes: 1 });
    }
    await engine
      .as(people.onCall)
      .post(`/bundle-promotions/${started.id}/rollbacks`, {
        reason: 'Nonsense answers',
      })
      .expect(answers(201));
    await ranker.until(k, 'cancelled');
    await until(async () => shares(RANKER) === 'k1=100');
    await until(async () => shares(RETRIEVER) === 'r1=100');
    expect(engine.deployer.performed.join()).not.toContain('k3=5');
  });

  it('are paused, resumed and aborted as one', async () => {
    const started = await start();
    const paused = await ranker.transition(started.k, 'pause');
    expect(paused.status).toBe(200);
    expect((await ranker.get(started.r)).state).toBe('paused');
    expect((await ranker.transition(started.r, 'resume')).status).toBe(200);
    await ranker.untilStep(started.k, 0);
    expect((await ranker.transition(started.r, 'cancel')).status).toBe(409);
    expect((await ranker.transition(started.r, 'abort')).status).toBe(200);
    await ranker.until(started.k, 'rolled-back');
    await ranker.until(started.r, 'rolled-back');
    expect(allShares()).toEqual(['r1=100', 'k1=100']);
  });

  it('are not taken apart while they serve, but by an emergency', async () => {
    const started = await start();
    await finish(started);
    await ranker.register('k3');
    await ranker.stage('k3');
    const apart = await ranker.request('k3', 'production');
    expect([apart.status, apart.body.error.message]).toEqual([
      409,
      expect.stringContaining(
        "k2 serves there as part of the bundle 'Search', with r2 of Title of retriever",
      ),
    ]);
    const back = await engine
      .as(people.onCall)
      .post(`${ranker.path}/rollbacks`, {
        environment: 'production',
        reason: 'Only the ranker',
      });
    expect([back.status, back.body.error.message]).toEqual([
      409,
      expect.stringContaining('roll the bundle back as a whole'),
    ]);
    // What takes its place holds all its models; the retriever stays as it is
    const { body: next } = await register(
      { [RETRIEVER]: 'r2', [RANKER]: 'k3' },
      'Next',
    ).expect(answers(201));
    const { body } = await request(next.id).expect(answers(201));
    expect(
      body.members.map(
        (each: { promotion: object | null }) => each.promotion === null,
      ),
    ).toEqual([false, true]);
    const { body: broken } = await engine
      .as(people.onCall)
      .get(`${ranker.path}/break-glass?version=k1&environment=production`)
      .expect(answers(200));
    expect(
      broken.bypassed.map((each: { kind: string }) => each.kind),
    ).toContain('bundle');
  });

  it('that are asked for at once make one promotion of a version', async () => {
    await retriever.register('r3');
    await retriever.stage('r3');
    const { body: one } = await register().expect(answers(201));
    const { body: other } = await register({
      [RETRIEVER]: 'r3',
      [RANKER]: 'k2',
    }).expect(answers(201));
    const responses = await Promise.all([request(one.id), request(other.id)]);
    expect(responses.map(each => each.status).sort()).toEqual([201, 409]);
    const lost = responses.find(each => each.status === 409)!;
    expect(lost.body.error.message).toMatch(/k2|same moment/);
    const { body } = await engine
      .as(people.outsider)
      .get('/bundle-promotions')
      .expect(answers(200));
    expect(body.items).toHaveLength(1);
  });

  it('that share a model wait for one another', async () => {
    await ranker.register('k3');
    await ranker.stage('k3');
    await retriever.register('r3');
    await retriever.stage('r3');
    const { body: next } = await register(
      { [RETRIEVER]: 'r3', [RANKER]: 'k3' },
      'Next',
    ).expect(answers(201));
    const first = await ask();
    const { body: second } = await request(next.id).expect(answers(201));
    const [k3, r3] = memberIds(second);
    await ranker.until(r3, 'awaiting-approval');
    const [k, r] = memberIds(first);
    await ranker.approve(k3);
    await ranker.until(k, 'awaiting-approval');
    await ranker.until(r, 'awaiting-approval');
    await ranker.until(
      k3,
      each => each.state === 'rolling-out' || each.state === 'scheduled',
    );
    await ranker.untilStep(k3, 0);
    await ranker.approve(r);
    const waiting = await ranker.until(k, each =>
      each.statement.includes('it waits for promotion'),
    );
    expect(waiting.state).toBe('scheduled');
    expect(shares(RANKER)).toBe('k3=5 k1=95');
    expect((await ranker.transition(k3, 'abort')).status).toBe(200);
    await ranker.untilStep(k, 0);
    await ranker.untilStep(r, 0);
    expect(allShares()).toEqual(['r2=5 r1=95', 'k2=5 k1=95']);
  });
});
