import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { groups, modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(120_000);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('a plugin that calls on behalf of a person, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('credit-default')],
    });
    delivery = new TestDelivery(engine);
    await delivery.register('v1');
    await delivery.stage('v1');
  });
  afterEach(() => engine.stop());

  const through = (person: string) => engine.as(person, 'mcp-actions');

  it('does nothing that only people do, whoever the person is', async () => {
    const id = await delivery.askForApproval('v1');
    const { revision, approval } = await delivery.get(id);
    const decision = {
      decision: 'approve',
      role: 'model-risk-manager',
      revision,
      subjectDigest: approval.subject!.digest,
      reason: 'Checked',
    };
    const decided = await through(people.riskManager).post(
      `/promotions/${id}/decisions`,
      decision,
    );
    expect([decided.status, decided.body.error.message]).toEqual([
      403,
      `mcp-actions acts on behalf of ${people.riskManager}; only people decide on promotions: they have to do this themselves in the portal`,
    ]);
    expect((await delivery.get(id)).approval.decisions).toEqual([]);
    const others = [
      await through(people.riskManager).post('/delegations', {
        group: groups.riskManagers,
        to: people.outsider,
        until: new Date(engine.clock.now().getTime() + 3_600_000).toISOString(),
        reason: 'On leave',
      }),
      await through(people.onCall).post('/promotions', {
        model: 'model:default/credit-default',
        version: 'v1',
        environment: 'production',
        note: 'It is down',
        breakGlass: {
          reason: 'It is down, and nobody is there to decide',
        },
      }),
    ];
    expect(
      others.map(({ status, body }) => [
        status,
        body.error?.message.startsWith('mcp-actions '),
      ]),
    ).toEqual([
      [403, true],
      [403, true],
    ]);
    // The same person in the portal
    await engine
      .as(people.riskManager)
      .post(`/promotions/${id}/decisions`, decision)
      .expect(answers(201));
  });

  it('asks with a reason, which is written down with its name, and brings nothing further', async () => {
    const ask = (note?: string) =>
      through(people.dataScientist).post('/promotions', {
        model: 'model:default/credit-default',
        version: 'v1',
        environment: 'production',
        note,
      });
    const silent = await ask();
    expect([silent.status, silent.body.error.message]).toEqual([
      400,
      expect.stringContaining('request/body/note is compulsory for agents'),
    ]);
    const { body } = await ask('Scores are better').expect(answers(201));
    expect(body).toMatchObject({
      requestedBy: people.dataScientist,
      note: 'Scores are better (through mcp-actions)',
    });
    const { revision } = await delivery.until(body.id, 'awaiting-approval');
    const transition = (event: string) =>
      through(people.mlEngineer).post(`/promotions/${body.id}/transitions`, {
        event,
        revision,
        reason: 'It should wait',
      });
    expect((await transition('retry')).status).toBe(403);
    await transition('cancel').expect(answers(200));
  });
});
