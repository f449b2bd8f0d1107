import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { groups, modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('reminders on %s', databaseId => {
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

  const sent = (title: RegExp) =>
    engine.notifications.filter(each => title.test(each.payload.title));
  const remindersOf = async () => (await delivery.get(id)).approval.reminders;

  it('reach those whose decision is missing, and nobody else', async () => {
    expect(await remindersOf()).toMatchObject({ told: 0, escalatedTo: null });
    const first = await delivery.decide(
      id,
      people.riskManager,
      'model-risk-manager',
    );
    answers(201)(first);
    engine.clock.advance({ hours: 24 });
    await until(async () => (await remindersOf())?.told === 1);
    const [reminder, ...more] = sent(/^Still to decide/);
    expect(more).toEqual([]);
    expect(reminder.recipients).toMatchObject({
      entityRef: [groups.complianceOfficers],
    });
    expect(reminder.payload.description).toBe(
      `It has waited for 1 d for Compliance officer. Requested by ${people.dataScientist}.`,
    );
  });

  it('escalate once, to whom the policy names, without giving them a say', async () => {
    engine.clock.advance({ hours: 49 });
    await until(async () => (await remindersOf())?.escalatedAt !== null);
    expect(await remindersOf()).toMatchObject({
      told: 2,
      escalatedTo: 'Model risk manager',
    });
    engine.clock.advance({ hours: 22 });
    await new Promise(resolve => setTimeout(resolve, 500));
    expect(sent(/^Still to decide/)).toHaveLength(1);
    expect(sent(/^Nobody has decided/)).toHaveLength(1);
    const { approval } = await delivery.get(id, people.riskManager);
    expect(approval.slots.map(each => [each.role, each.minimum])).toEqual([
      ['model-risk-manager', 1],
      ['compliance-officer', 1],
    ]);
  });

  it('end when everybody has decided', async () => {
    await delivery.approve(id);
    await delivery.until(id, 'succeeded');
    engine.clock.advance({ hours: 49 });
    await new Promise(resolve => setTimeout(resolve, 500));
    expect(sent(/^Still to decide|^Nobody has decided/)).toEqual([]);
    expect(await remindersOf()).toBeNull();
  });

  it('begin anew when what is decided on changed', async () => {
    engine.clock.advance({ hours: 20 });
    await delivery.report(
      'v1',
      { candidate: { f1: 0.79, accuracy: 0.94 } },
      'b',
    );
    await delivery.until(id, 'awaiting-approval');
    engine.clock.advance({ hours: 5 });
    await new Promise(resolve => setTimeout(resolve, 500));
    expect(sent(/^Still to decide/)).toEqual([]);
  });
});
