import { createMockDirectory } from '@backstage/backend-test-utils';
import { arrangeRollout } from '../__testUtils__/arrangeRollout';
import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { people } from '../__testUtils__/people';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

const CANARY =
  'strategy: canary, steps: [{ share: 25, window: 10m, minimumSamples: 100 }, { share: 100, window: 10m, minimumSamples: 100 }], metrics: [{ name: error-rate, margin: 0.05 }]';

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('evidence that comes during a rollout, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  const directory = createMockDirectory();
  let engine: TestEngine;
  let delivery: TestDelivery;
  let id: string;

  beforeEach(async () => {
    ({ engine, delivery } = await arrangeRollout(engines, directory, CANARY));
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(201));
    id = body.id;
    await delivery.untilStep(id, 0);
  });
  afterEach(() => engine.stop());

  it('pauses it where a gate does not let it through any more, until a person has read why', async () => {
    await delivery.report('v2', { tests: { failed: 3 } }, 'bad');
    const paused = await delivery.until(id, 'paused');
    expect(paused.statement).toContain(
      'No test fails: not let through any more',
    );
    expect(delivery.shares()).toBe('v2=25 v1=75');
    expect(
      engine.notifications.map(each => each.payload.description),
    ).toContainEqual(
      expect.stringContaining('A person decides: resume or abort'),
    );

    answers(200)(await delivery.transition(id, 'resume', people.onCall));
    const resumed = await delivery.untilStep(id, 0);
    expect([resumed.state, delivery.shares()]).toEqual([
      'rolling-out',
      'v2=25 v1=75',
    ]);
  });

  it('lets it go on where its gates still let it through', async () => {
    const { revision } = await delivery.get(id);
    await delivery.report('v2', { tests: { failed: 0 } }, 'good-again');
    engine.clock.advance({ minutes: 11 });
    await delivery.untilStep(id, 1);
    expect((await delivery.get(id)).revision).toBe(revision);
    expect(delivery.shares()).toBe('v2=100');
  });
});
