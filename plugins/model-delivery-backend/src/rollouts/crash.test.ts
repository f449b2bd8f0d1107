import {
  createMockDirectory,
  TestDatabaseId,
} from '@backstage/backend-test-utils';
import { FakeDeployer } from '../__testUtils__/FakeDeployer';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { MortalDatabase } from '../__testUtils__/MortalDatabase';
import { modelEntity, people } from '../__testUtils__/people';
import {
  BLUE_GREEN,
  rolloutPolicies,
  SHADOW,
} from '../__testUtils__/rolloutPolicies';
import { startReplica } from '../__testUtils__/startReplica';
import { startTestEngine } from '../__testUtils__/startTestEngine';
import { TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(120_000);

const entities = [modelEntity('credit-default')];
const target = {
  model: 'model:default/credit-default',
  environment: 'production',
};

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('replicas on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });

  const directory = createMockDirectory();

  /** v1 serves, v2 waits for its last approval, and no engine runs. */
  async function arrange(id: TestDatabaseId, rollout?: string) {
    const knex = await databases.init(id);
    const policies = rollout ? directory.path : undefined;
    directory.setContent(rollout ? rolloutPolicies(rollout) : {});
    const engine = await startTestEngine({
      knex,
      entities,
      config: policies
        ? { modelDelivery: { policies: { directory: policies } } }
        : {},
    });
    const delivery = new TestDelivery(engine);
    await delivery.register('v1');
    await (rollout ? deployAsTeamLead(delivery) : delivery.deployFirst('v1'));
    await delivery.register('v2');
    await delivery.stage('v2');
    if (rollout) {
      // It starts as soon as it is asked for, so it is asked for with nobody to do it
      engine.deployer.answerInstead = () => ({ state: 'pending' });
    }
    const { body } = await delivery.request('v2', 'production');
    if (rollout) {
      await delivery.until(body.id, 'rolling-out');
    } else {
      await delivery.until(body.id, 'awaiting-approval');
      await delivery.decide(body.id, people.riskManager, 'model-risk-manager');
    }
    const promotion = await delivery.get(body.id);
    await engine.stop();
    engine.deployer.performed.length = 0;
    engine.deployer.answerInstead = () => undefined;
    engine.clock.advance({ minutes: 5 });
    return { knex, engine, promotion, policies, id: Number(body.id) };
  }

  async function deployAsTeamLead(delivery: TestDelivery) {
    await delivery.stage('v1');
    const { body } = await delivery.request('v1', 'production');
    await delivery.until(body.id, 'awaiting-approval');
    await delivery.decide(body.id, people.teamLead, 'team-lead');
    await delivery.until(body.id, 'succeeded');
  }

  /**
   * Lets the promotion go on by one replica after another, each of which dies at the next commit: in turn just before
   * it, so that what it called is repeated, and just after it.
   */
  async function goOnDying(arranged: Awaited<ReturnType<typeof arrange>>) {
    const { knex, engine, promotion, id } = arranged;
    let replicas = 0;
    const stateOf = async () =>
      (await knex('promotions').where({ id }).first('state', 'due_at')) as {
        state: string;
        due_at: unknown;
      };
    for (; replicas < 120; replicas++) {
      const row = await stateOf();
      if (row.due_at === null && row.state !== 'awaiting-approval') {
        break;
      }
      let armed = false;
      const dieBefore = replicas % 2 === 0;
      const database = new MortalDatabase(
        knex,
        point =>
          armed && point === (dieBefore ? 'before-commit' : 'after-commit'),
      );
      const replica = await startReplica({
        knex: database.knex,
        entities,
        deployer: engine.deployer,
        clock: engine.clock,
        policies: arranged.policies,
      });
      armed = true;
      if (row.state === 'awaiting-approval') {
        await replica.engine.handlers
          .decide({
            path: { id: String(id) },
            query: {},
            body: {
              decision: 'approve',
              role: 'compliance-officer',
              reason: 'Checked',
              revision: promotion.revision,
              subjectDigest: promotion.approval.subject!.digest,
            },
            principal: replica.as(people.complianceOfficer),
          } as never)
          .catch(() => undefined);
      }
      const deadline = Date.now() + 5_000;
      while (!database.isDead && Date.now() < deadline) {
        // Steps that only wait need the time to pass; dead replicas' leases run out by it too.
        engine.clock.advance({ minutes: 2 });
        await new Promise(resolve => setTimeout(resolve, 30));
        if ((await stateOf()).due_at === null) {
          break;
        }
      }
      database.kill();
      await replica.stop();
      engine.clock.advance({ seconds: 30 });
    }
    return { state: (await stateOf()).state, replicas };
  }

  it('take over from one another wherever one dies, and do each operation once', async () => {
    const arranged = await arrange(databaseId);
    const { knex, engine, id } = arranged;
    const { state, replicas } = await goOnDying(arranged);
    expect(state).toBe('succeeded');
    expect(replicas).toBeGreaterThan(20);
    expect(engine.deployer.performed).toEqual([
      'prepare v2',
      'traffic v2=5 v1=95',
      'traffic v2=25 v1=75',
      'traffic v2=50 v1=50',
      'traffic v2=100',
    ]);
    expect(engine.deployer.sharesOf(target)).toEqual([
      { version: 'v2', share: 100 },
    ]);
    const moved = await knex('audit_entries').where({
      subject: `promotion:${id}`,
      action: 'promotion.traffic-moved',
    });
    expect(moved).toHaveLength(4);
    expect(
      await knex('deployments')
        .where({ environment: 'production' })
        .orderBy('started_at')
        .select('outcome', 'share', 'kind'),
    ).toEqual([
      { outcome: 'superseded', share: 50, kind: 'promotion' },
      { outcome: 'serving', share: 100, kind: 'promotion' },
    ]);
    expect(await knex('environment_locks')).toEqual([]);
  });

  it('bring a failing canary back wherever one dies', async () => {
    const arranged = await arrange(databaseId);
    const { knex, engine } = arranged;
    engine.deployer.behave('v2', { errorRate: 0.2 });
    const { state } = await goOnDying(arranged);
    expect(state).toBe('rolled-back');
    expect(engine.deployer.performed).toEqual([
      'prepare v2',
      'traffic v2=5 v1=95',
      'traffic v1=100',
      'release v2',
    ]);
    expect(
      await knex('deployments')
        .where({ environment: 'production' })
        .orderBy('started_at')
        .select('outcome', 'share'),
    ).toEqual([
      { outcome: 'serving', share: 100 },
      { outcome: 'rolled-back', share: 5 },
    ]);
    expect(await knex('environment_locks')).toEqual([]);
  });

  it('shadow a version once and switch to it once, wherever one dies', async () => {
    const arranged = await arrange(databaseId, `{ ${BLUE_GREEN}, ${SHADOW} }`);
    const { knex, engine, id } = arranged;
    const { state, replicas } = await goOnDying(arranged);
    expect(state).toBe('succeeded');
    expect(replicas).toBeGreaterThan(10);
    expect(engine.deployer.performed).toEqual([
      'prepare v2',
      'mirror v2=50',
      'mirror v2=0',
      'traffic v2=100',
    ]);
    const said: { action: string }[] = await knex('audit_entries')
      .where({ subject: `promotion:${id}` })
      .select('action');
    const once = said
      .map(({ action }) => action)
      .filter(action => /shadow|green|traffic-moved|step-passed/.test(action));
    expect(once).toEqual([
      'promotion.shadow-started',
      'promotion.shadow-passed',
      'promotion.green-checked',
      'promotion.traffic-moved',
      'promotion.step-passed',
    ]);
    expect(
      await knex('deployments')
        .where({ environment: 'production' })
        .orderBy('started_at')
        .select('outcome', 'share'),
    ).toEqual([
      { outcome: 'superseded', share: 100 },
      { outcome: 'serving', share: 100 },
    ]);
  });

  it('switch back once from a version that fails after the switch', async () => {
    const arranged = await arrange(databaseId, `{ ${BLUE_GREEN} }`);
    const { knex, engine } = arranged;
    engine.deployer.behave('v2', { errorRate: 0.3 });
    const { state } = await goOnDying(arranged);
    expect(state).toBe('rolled-back');
    expect(engine.deployer.performed).toEqual([
      'prepare v2',
      'traffic v2=100',
      'traffic v1=100',
      'release v2',
    ]);
    expect(await knex('environment_locks')).toEqual([]);
  });

  it('share the work: two of them move traffic once', async () => {
    const knex = await databases.init(databaseId);
    const deployer = new FakeDeployer();
    const first = await startTestEngine({ knex, entities, deployer });
    const second = await startTestEngine({
      knex,
      entities,
      deployer,
      clock: first.clock,
    });
    const delivery = new TestDelivery(first);
    await delivery.register('v1');
    await delivery.deployFirst('v1');
    await delivery.register('v2');
    const id = await delivery.startCanary('v2');
    deployer.performed.length = 0;
    for (const index of [0, 1, 2, 3]) {
      await delivery.untilStep(id, index);
      first.clock.advance({ minutes: 31 });
    }
    await delivery.until(id, 'succeeded');
    expect(deployer.performed).toEqual([
      'traffic v2=25 v1=75',
      'traffic v2=50 v1=50',
      'traffic v2=100',
    ]);
    const judged = await knex('audit_entries').where({
      subject: `promotion:${id}`,
      action: 'promotion.step-passed',
    });
    expect(judged).toHaveLength(4);
    await first.stop();
    await second.stop();
  });
});
