import { createMockDirectory } from '@backstage/backend-test-utils';
import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { arrangeRollout } from '../__testUtils__/arrangeRollout';
import { people } from '../__testUtils__/people';
import { BLUE_GREEN } from '../__testUtils__/rolloutPolicies';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

const production = {
  model: 'model:default/credit-default',
  environment: 'production',
};

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('a blue-green rollout on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  const directory = createMockDirectory();
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    ({ engine, delivery } = await arrangeRollout(
      engines,
      directory,
      BLUE_GREEN,
    ));
  });
  afterEach(() => engine.stop());

  const history = async () => {
    const { body } = await engine
      .as(people.outsider)
      .get(`${delivery.path}/deployments?environment=production`)
      .expect(answers(200));
    return body.items
      .map(
        (each: { version: string; kind: string; outcome: string }) =>
          `${each.version} ${each.kind} ${each.outcome}`,
      )
      .sort();
  };
  const start = async () => {
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(201));
    return body.id as string;
  };

  it('switches all traffic at once, watches it, and leaves the version before ready', async () => {
    const id = await start();
    const switched = await delivery.untilStep(id, 0);
    expect(delivery.shares()).toBe('v2=100');
    expect(switched.statement).toBe(
      'Serving 100 % for 0 s; next judgement in 10 min',
    );
    const [step] = switched.rollout!.steps;
    // Compared with what v1 did until the switch
    expect(step.analysis.map(each => each.control.samples)).toEqual([
      4_000, 4_000,
    ]);
    engine.clock.advance({ minutes: 11 });
    await delivery.until(id, 'succeeded');
    expect(engine.deployer.performed).toEqual(['prepare v2', 'traffic v2=100']);
    const { versions } = await engine.deployer.observe(production);
    expect(versions).toContainEqual({ version: 'v1', ready: true });
    expect(await history()).toEqual([
      'v1 promotion superseded',
      'v2 promotion serving',
    ]);
  });

  it('switches back at once when it fails', async () => {
    const id = await start();
    await delivery.untilStep(id, 0);
    engine.deployer.behave('v2', { errorRate: 0.3 });
    engine.clock.advance({ seconds: 10 });
    const failed = await delivery.until(id, 'rolled-back');
    expect(failed.rollout?.steps[0].state).toBe('failed');
    expect(engine.deployer.performed.slice(0, 3)).toEqual([
      'prepare v2',
      'traffic v2=100',
      'traffic v1=100',
    ]);
    expect(await history()).toEqual([
      'v1 promotion superseded',
      'v1 rollback serving',
      'v2 promotion rolled-back',
    ]);
  });

  it('does not switch while there is nothing to compare with, then asks a person', async () => {
    engine.deployer.behave('v1', { requests: 12 });
    const id = await start();
    const checking = await delivery.until(id, promotion =>
      promotion.statement.startsWith('Checking'),
    );
    expect(checking.statement).toBe(
      'Checking v2 before all traffic switches to it at once. v1 serves all traffic, v2 serves nobody',
    );
    engine.clock.advance({ hours: 2 });
    const paused = await delivery.until(id, 'paused');
    expect(paused.statement).toContain(
      'v1 has answered 12 requests of the 250 that v2 would be compared with',
    );
    expect(paused.allowedEvents).toEqual(
      expect.arrayContaining(['resume', 'cancel']),
    );
    expect(delivery.shares()).toBe('v1=100');
    engine.deployer.behave('v1', { requests: 1_000 });
    answers(200)(await delivery.transition(id, 'resume'));
    await delivery.untilStep(id, 0);
    expect(delivery.shares()).toBe('v2=100');
  });

  it('does not switch to a version that is not ready any more', async () => {
    engine.deployer.behave('v1', { requests: 12 });
    const id = await start();
    await delivery.until(id, promotion =>
      promotion.statement.startsWith('Checking'),
    );
    engine.deployer.lose(production, 'v2');
    engine.clock.advance({ hours: 2 });
    const failed = await delivery.until(id, 'rolled-back');
    expect(failed.statement).toContain('Stopped before it served: v2 does not');
    expect(failed.statement).toContain(
      'v1 serves all traffic, v2 serves nobody',
    );
    expect(delivery.shares()).toBe('v1=100');
    expect(await history()).toEqual(['v1 promotion serving']);
  });

  it('gives traffic to what serves by the history, where the target knows nothing of it', async () => {
    engine.deployer.forget(production);
    const id = await start();
    await delivery.untilStep(id, 0);
    expect(engine.deployer.performed).toEqual([
      'prepare v1',
      'traffic v1=100',
      'prepare v2',
      'traffic v2=100',
    ]);
  });

  it('is refused before it starts where the deployer cannot switch', async () => {
    engine.deployer.blueGreen = false;
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(409));
    expect(body.error.message).toContain("The deployer 'fake' of");
    expect(body.error.message).toContain("can't do blue-green");
    expect(engine.deployer.performed).toEqual([]);
  });
});
