import { createMockDirectory } from '@backstage/backend-test-utils';
import { arrangeRollout } from '../__testUtils__/arrangeRollout';
import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { people } from '../__testUtils__/people';
import { SHADOW } from '../__testUtils__/rolloutPolicies';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';
import { until } from '../__testUtils__/until';

jest.setTimeout(120_000);

const production = {
  model: 'model:default/credit-default',
  environment: 'production',
};
const CANARY =
  'strategy: canary, steps: [{ share: 25, window: 10m, minimumSamples: 100 }, { share: 100, window: 10m, minimumSamples: 100 }], metrics: [{ name: error-rate, margin: 0.05 }]';

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('the first traffic of a version, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  const directory = createMockDirectory();
  let engine: TestEngine;
  let delivery: TestDelivery;
  let id: string;

  /** v2 is approved for production, which is closed on Sundays; it is Saturday. */
  const arrange = async (rollout = CANARY) => {
    ({ engine, delivery } = await arrangeRollout(engines, directory, rollout, {
      freezeWindows:
        "[{ name: Sunday, timeZone: UTC, weekly: { from: 'sun 00:00', to: 'mon 00:00' } }]",
    }));
  };
  const request = async () => {
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(201));
    id = body.id;
  };
  afterEach(() => engine.stop());

  const foundBad = () => delivery.report('v2', { tests: { failed: 3 } }, 'bad');
  /** Lets an operation of the deployer fail until a person has to look at it. */
  const failUntilErrored = async (operation: string) => {
    engine.deployer.beforeOperation = each => {
      if (each.startsWith(operation)) {
        throw new Error('The target does not answer');
      }
    };
    await request();
    for (let attempts = 1; attempts <= 5; attempts++) {
      const { error } = await delivery.until(
        id,
        each => each.error?.attempts === attempts,
      );
      expect(error?.message).toContain('does not answer');
      engine.clock.advance({ minutes: 1 });
    }
    engine.deployer.beforeOperation = () => {};
  };

  it('is not given after trouble when its gates do not let it through any more', async () => {
    await arrange();
    await failUntilErrored('prepare v2');
    await foundBad();
    answers(200)(await delivery.transition(id, 'retry'));
    const blocked = await delivery.until(id, 'blocked');
    expect(blocked.statement).toContain('1 gate failed');
    expect(delivery.shares()).toBe('v1=100');
    expect(blocked.history.slice(-4).map(each => each.state)).toEqual([
      'errored',
      'rolling-out',
      'evaluating',
      'blocked',
    ]);
    const { body } = await engine
      .as(people.riskManager)
      .get('/audit?limit=20')
      .expect(answers(200));
    expect(
      body.items.map((each: { summary: string }) => each.summary),
    ).toContainEqual(
      expect.stringContaining(
        'v2 to production is evaluated again: No test fails',
      ),
    );
    // Its server was brought up for nothing
    answers(200)(await delivery.transition(id, 'cancel'));
    await until(async () => engine.deployer.performed.includes('release v2'));
  });

  it('waits for the end of a freeze that began meanwhile, and then goes the whole way', async () => {
    await arrange();
    await failUntilErrored('prepare v2');
    engine.clock.advance({ hours: 20 });
    answers(200)(await delivery.transition(id, 'retry'));
    const waiting = await delivery.until(id, each =>
      each.statement.includes('is frozen until'),
    );
    expect(waiting.state).toBe('scheduled');
    expect(delivery.shares()).toBe('v1=100');
    engine.clock.advance({ hours: 24 });
    await delivery.untilStep(id, 0);
    expect(delivery.shares()).toBe('v2=25 v1=75');
  });

  it('is not tried again where it may have come in part, but aborted', async () => {
    await arrange();
    await failUntilErrored('traffic v2');
    await foundBad();
    const refused = await delivery.transition(id, 'retry');
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toContain(
      'v2 may not take traffic of production now: No test fails: not let through any more. Abort the promotion',
    );
    answers(200)(await delivery.transition(id, 'abort'));
    await delivery.until(id, 'rolled-back');
    expect(delivery.shares()).toBe('v1=100');
  });

  it('does not wait to be heard of by a server that was brought up for it', async () => {
    await arrange();
    engine.deployer.lose(production, 'v1');
    const { isSilent } = engine.deployer;
    engine.deployer.isSilent = async () =>
      engine.deployer.performed.includes('prepare v1');
    await request();
    await delivery.untilStep(id, 0);
    engine.deployer.isSilent = isSilent;
    expect(delivery.shares()).toBe('v2=25 v1=75');
  });

  it('does not follow a shadow during which its evidence became bad', async () => {
    await arrange(`${CANARY}, ${SHADOW}`);
    await request();
    await delivery.until(id, each =>
      each.statement.includes('gets copies of requests'),
    );
    await foundBad();
    engine.clock.advance({ minutes: 11 });
    await delivery.until(id, 'blocked');
    expect(delivery.shares()).toBe('v1=100');
    expect(engine.deployer.performed.join()).not.toContain('traffic v2');
  });
});
