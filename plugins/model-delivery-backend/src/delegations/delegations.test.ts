import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { groups, modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('a role that is handed on, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let engine: TestEngine;
  let delivery: TestDelivery;
  let id: string;

  beforeEach(async () => {
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('credit-default')],
    });
    delivery = new TestDelivery(engine);
    await delivery.register('v1');
    await delivery.stage('v1');
    id = await delivery.askForApproval('v1');
  });
  afterEach(() => engine.stop());

  const inHours = (hours: number) =>
    new Date(engine.clock.now().getTime() + hours * 3_600_000).toISOString();
  const handOn = (
    by: string,
    to: string,
    more: { until?: string; group?: string; idempotencyKey?: string } = {},
  ) =>
    engine.as(by).post('/delegations', {
      group: groups.riskManagers,
      to,
      until: inHours(24),
      reason: 'On leave',
      ...more,
    });
  const decide = (by: string) => delivery.decide(id, by, 'model-risk-manager');
  const inboxOf = async (person: string) =>
    (
      await engine
        .as(person)
        .get('/approvals?section=waiting')
        .expect(answers(200))
    ).body.items.length;

  it('lets somebody else decide, with both names on the decision', async () => {
    expect((await decide(people.outsider)).status).toBe(403);
    // As somebody may write it
    const capital = people.outsider.replace(/[^/]+$/, name =>
      name.toLocaleUpperCase('en-US'),
    );
    await handOn(people.riskManager, capital).expect(answers(201));
    expect(await inboxOf(people.outsider)).toBe(1);
    const { approval } = await delivery.get(id, people.outsider);
    expect(approval.viewer).toEqual({
      mayDecide: true,
      roles: ['model-risk-manager'],
      onBehalfOf: people.riskManager,
      barredBecause: null,
    });
    answers(201)(await decide(people.outsider));
    const [decision] = (await delivery.get(id)).approval.decisions;
    expect(decision).toMatchObject({
      decidedBy: people.outsider,
      onBehalfOf: people.riskManager,
    });
    // One person, one slot: neither decides again, in this role or another
    const again = await decide(people.riskManager);
    expect([again.status, again.body.error.message]).toEqual([
      409,
      expect.stringContaining('on your behalf'),
    ]);
    // Who served by whose word is told for as long as the history lasts
    answers(201)(
      await delivery.decide(id, people.complianceOfficer, 'compliance-officer'),
    );
    await delivery.until(id, promotion => promotion.rollout?.share === 100);
    const serving = await engine
      .as(people.outsider)
      .get(`${delivery.path}/serving`)
      .expect(answers(200));
    expect(serving.body.items).toEqual([
      expect.objectContaining({
        approvedBy: expect.arrayContaining([
          people.outsider,
          people.complianceOfficer,
        ]),
        standIns: [{ by: people.outsider, onBehalfOf: people.riskManager }],
      }),
    ]);
    const listed = await engine
      .as(people.outsider)
      .get('/delegations')
      .expect(answers(200));
    expect(listed.body).toMatchObject({
      items: [{ from: people.riskManager, isActive: true }],
      roles: [],
    });
  });

  it('is told of what there is to decide, and finds no emergency to review', async () => {
    await handOn(people.riskManager, people.outsider).expect(answers(201));
    await delivery.register('v2');
    await delivery.stage('v2');
    await delivery.askForApproval('v2');
    const asked = engine.notifications.filter(each =>
      each.payload.title.startsWith('Decide on v2'),
    );
    expect(asked.map(each => each.recipients)).toEqual([
      {
        type: 'entity',
        entityRef: expect.arrayContaining([
          groups.riskManagers,
          people.outsider,
        ]),
      },
    ]);

    answers(201)(await decide(people.riskManager));
    answers(201)(
      await delivery.decide(id, people.complianceOfficer, 'compliance-officer'),
    );
    await delivery.until(id, 'succeeded');
    await engine
      .as(people.onCall)
      .post('/promotions', {
        model: `model:default/${delivery.model}`,
        version: 'v2',
        environment: 'production',
        breakGlass: { reason: 'The one before answers nothing' },
      })
      .expect(answers(201));
    const reviewsOf = async (person: string) =>
      (
        await engine
          .as(person)
          .get('/approvals?section=reviews')
          .expect(answers(200))
      ).body;
    expect(await reviewsOf(people.riskManager)).toMatchObject({
      counts: { reviews: 1 },
    });
    expect(await reviewsOf(people.outsider)).toMatchObject({
      counts: { reviews: 0 },
      items: [],
    });
  });

  it('ends with its time, and when it is taken back', async () => {
    const { body } = await handOn(people.riskManager, people.outsider).expect(
      answers(201),
    );
    const { body: ended } = await engine
      .as(people.riskManager)
      .post(`/delegations/${body.id}/end`, {})
      .expect(answers(200));
    expect(ended.isActive).toBe(false);
    expect((await decide(people.outsider)).status).toBe(403);
    await handOn(people.riskManager, people.outsider).expect(answers(201));
    engine.clock.advance({ hours: 25 });
    expect((await decide(people.outsider)).status).toBe(403);
    expect(await inboxOf(people.outsider)).toBe(0);
    await engine
      .as(people.complianceOfficer)
      .post(`/delegations/${body.id}/end`, {})
      .expect(answers(404));
  });

  it('is never wider than what is held', async () => {
    // Dana asked for the promotion: she is barred, whoever hands a role on to her
    await handOn(people.riskManager, people.dataScientist).expect(answers(201));
    const barred = await decide(people.dataScientist);
    expect([barred.status, barred.body.error.message]).toEqual([
      403,
      expect.stringContaining('You requested it'),
    ]);
    // What was handed on cannot be handed on again
    const further = await handOn(people.dataScientist, people.outsider);
    expect(further.status).toBe(403);
    // Nor a role that nobody let be handed on, nor for longer than a policy allows, nor to nobody
    for (const [more, message] of [
      [{ group: groups.team }, 'decides in no policy'],
      [{ until: inHours(24 * 100) }, 'has to lie within the next'],
      [{ until: inHours(-1) }, 'has to lie within the next'],
    ] as const) {
      const refused = await handOn(people.riskManager, people.outsider, more);
      expect([refused.status, refused.body.error.message]).toEqual([
        400,
        expect.stringContaining(message),
      ]);
    }
    for (const to of [people.riskManager, 'user:default/nobody']) {
      expect((await handOn(people.riskManager, to)).status).toBe(400);
    }
    expect((await handOn('', people.outsider)).status).toBe(403);
    // Another policy allows so long; this one does not
    await handOn(people.riskManager, people.outsider, {
      until: inHours(24 * 8),
    }).expect(answers(201));
    const tooLong = await decide(people.outsider);
    expect([tooLong.status, tooLong.body.error.message]).toEqual([
      403,
      expect.stringContaining('for longer than the policy of production'),
    ]);
  });

  it('does not count for who has decided already', async () => {
    answers(201)(await decide(people.riskManager));
    await handOn(people.riskManager, people.complianceOfficer).expect(
      answers(201),
    );
    answers(201)(
      await delivery.decide(id, people.complianceOfficer, 'compliance-officer'),
    );
    const done = await delivery.until(id, 'succeeded');
    expect(done.approval.decisions.map(each => each.onBehalfOf)).toEqual([
      null,
      null,
    ]);
  });

  it('is handed on once, however often it is sent', async () => {
    const key = { idempotencyKey: 'k1', until: inHours(20) };
    const [first, second] = await Promise.all([
      handOn(people.riskManager, people.outsider, key),
      handOn(people.riskManager, people.outsider, key),
    ]);
    [first, second].forEach(answers(201));
    expect(first.body.id).toBe(second.body.id);
    const other = await handOn(
      people.riskManager,
      people.complianceOfficer,
      key,
    );
    expect(other.status).toBe(409);
  });
});
