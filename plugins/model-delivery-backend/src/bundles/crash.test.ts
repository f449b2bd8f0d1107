import { Knex } from 'knex';
import { arrangeBundle, BUNDLE_ENTITIES } from '../__testUtils__/arrangeBundle';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { DeathPoint, MortalDatabase } from '../__testUtils__/MortalDatabase';
import { startReplica } from '../__testUtils__/startReplica';
import { leafHash } from '../audit/leaf';
import { DatabaseTime, toDate } from '../database/values';
import { findServingAt } from '../deployments/deploymentStore';

jest.setTimeout(300_000);

const names = ['ranker', 'retriever'] as const;
/**
 * At how many writes of a replica one may die, and by how many the next one gets further. More than two members make at the
 * same time on their way to a commit, or none would ever come there.
 */
const MOST_WRITES = 41;
const STRIDE = 7;

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('replicas with a bundle on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });

  /** k1 and r1 serve; k2 and r2 are approved as a bundle while no engine runs. */
  async function arrange() {
    const knex = await databases.init(databaseId);
    const { engine, ranker, k } = await arrangeBundle(knex);
    // It begins as soon as it is approved, so it is approved while the target does nothing
    engine.deployer.answerInstead = () => ({ state: 'pending' });
    await ranker.approve(k);
    await engine.stop();
    engine.deployer.answerInstead = () => undefined;
    engine.deployer.performed.length = 0;
    engine.clock.advance({ minutes: 5 });
    return { knex, engine };
  }

  /**
   * Lets one replica after another go on, each of which dies.
   * @param pointOf - where the replica of that number dies: at the so-manieth point of a kind that it comes to
   */
  async function goOnDying(
    { knex, engine }: Awaited<ReturnType<typeof arrange>>,
    pointOf: (replica: number) => { at: DeathPoint; count: number },
  ) {
    let replicas = 0;
    const isOver = async () =>
      (
        await knex('promotions')
          .whereNotNull('bundle_promotion_id')
          .whereNotIn('state', ['succeeded', 'rolled-back'])
      ).length === 0;
    for (; replicas < 150 && !(await isOver()); replicas++) {
      let armed = false;
      const point = pointOf(replicas);
      let come = 0;
      const database = new MortalDatabase(
        knex,
        at => armed && at === point.at && ++come === point.count,
      );
      const replica = await startReplica({
        knex: database.knex,
        entities: BUNDLE_ENTITIES,
        deployer: database.reaching(engine.deployer),
        clock: engine.clock,
      });
      armed = true;
      const deadline = Date.now() + 5_000;
      while (!database.isDead && Date.now() < deadline) {
        engine.clock.advance({ minutes: 2 });
        await new Promise(resolve => setTimeout(resolve, 30));
        if (await isOver()) {
          break;
        }
      }
      database.kill();
      await replica.stop();
      engine.clock.advance({ seconds: 30 });
    }
    const states: string[] = await knex('promotions')
      .whereNotNull('bundle_promotion_id')
      .pluck('state');
    return { states, replicas };
  }

  /**
   * At one of the next commits, in turn just before it and just after it. Not at the first one alone: that may be the look
   * of the member that waits for the other one, time and again.
   */
  const atCommits = (replica: number) => ({
    at:
      replica % 2 === 0
        ? ('before-commit' as const)
        : ('after-commit' as const),
    count: 1 + (Math.floor(replica / 2) % 3),
  });

  /** At a write, inside a transaction or not: further on each time, so that all kinds of them have their turn. */
  const atWritesFrom = (seed: number) => (replica: number) => ({
    at: 'write' as const,
    count: 1 + ((seed + replica * STRIDE) % MOST_WRITES),
  });

  const shares = (
    { engine }: Awaited<ReturnType<typeof arrange>>,
    name: string,
  ) =>
    engine.deployer
      .sharesOf({ model: `model:default/${name}`, environment: 'production' })
      .map(each => `${each.version}=${each.share}`)
      .join(' ');

  /** What must hold of a bundle that succeeded, whoever died on the way. */
  async function expectWhole(arranged: Awaited<ReturnType<typeof arrange>>) {
    const { knex, engine } = arranged;
    const performed = engine.deployer.performed;
    expect([...performed].sort()).toEqual(
      ['k', 'r']
        .flatMap(each => [
          `prepare ${each}2`,
          `traffic ${each}2=5 ${each}1=95`,
          `traffic ${each}2=25 ${each}1=75`,
          `traffic ${each}2=50 ${each}1=50`,
          `traffic ${each}2=100`,
        ])
        .sort(),
    );
    // None takes a share before all have passed the one below it
    const order = performed.map(each => Number(/2=(\d+)/.exec(each)?.[1] ?? 0));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect([shares(arranged, 'ranker'), shares(arranged, 'retriever')]).toEqual(
      ['k2=100', 'r2=100'],
    );

    for (const name of names) {
      await expectNoOverlap(knex, `model:default/${name}`);
    }
    const promotions: { id: number; history: string }[] = await knex(
      'promotions',
    ).whereNotNull('bundle_promotion_id');
    for (const { id, history } of promotions) {
      expect(
        (JSON.parse(history) as { state: string }[]).map(each => each.state),
      ).toEqual([
        'requested',
        'evaluating',
        'awaiting-approval',
        'scheduled',
        'rolling-out',
        'succeeded',
      ]);
      const said: string[] = await knex('audit_entries')
        .where({ subject: `promotion:${id}` })
        .orderBy('index')
        .pluck('action');
      expect(
        said.filter(action =>
          /started|traffic-moved|step-passed|succeeded/.test(action),
        ),
      ).toEqual([
        'promotion.started',
        ...Array.from({ length: 4 }, () => [
          'promotion.traffic-moved',
          'promotion.step-passed',
        ]).flat(),
        'promotion.succeeded',
      ]);
    }
    await expectAuditWhole(knex);
    expect(await knex('environment_locks')).toEqual([]);
  }

  /** Each moment at which a share changed, all shares of that moment make up all of the traffic. */
  async function expectNoOverlap(knex: Knex, model: string) {
    const moments: DatabaseTime[] = await knex('deployment_shares')
      .join('deployments', 'deployments.id', 'deployment_shares.deployment_id')
      .where({ model_ref: model, environment: 'production' })
      .distinct('since')
      .pluck('since');
    expect(moments).toHaveLength(5);
    for (const moment of moments) {
      const serving = await findServingAt(
        knex,
        model,
        'production',
        toDate(moment),
      );
      expect(serving.reduce((sum, each) => sum + each.share, 0)).toBe(100);
    }
    expect(
      await knex('deployments')
        .where({ model_ref: model, environment: 'production' })
        .orderBy('started_at')
        .select('outcome', 'share', 'kind'),
    ).toEqual([
      { outcome: 'superseded', share: 50, kind: 'promotion' },
      { outcome: 'serving', share: 100, kind: 'promotion' },
    ]);
  }

  async function expectAuditWhole(knex: Knex) {
    const rows: { index: number | string; leaf: string; leaf_hash: string }[] =
      await knex('audit_entries').orderBy('index');
    expect(rows.map(row => Number(row.index))).toEqual(
      rows.map((_, index) => index),
    );
    expect(rows.every(row => leafHash(row.leaf) === row.leaf_hash)).toBe(true);
    const { size } = await knex('audit_head').first('size');
    expect(Number(size)).toBe(rows.length);
  }

  it('bring all members to their end at once, wherever one dies: about its commits', async () => {
    const arranged = await arrange();
    const { states, replicas } = await goOnDying(arranged, atCommits);
    expect(states).toEqual(['succeeded', 'succeeded']);
    expect(replicas).toBeGreaterThan(15);
    await expectWhole(arranged);
  });

  it.each([0])(
    'bring all members to their end at once, wherever one dies: at writes of all kinds from the %i. on',
    async seed => {
      const arranged = await arrange();
      const { states, replicas } = await goOnDying(
        arranged,
        atWritesFrom(seed),
      );
      expect(states).toEqual(['succeeded', 'succeeded']);
      expect(replicas).toBeGreaterThan(8);
      await expectWhole(arranged);
    },
  );

  it('bring all members back when one fails', async () => {
    const arranged = await arrange();
    arranged.engine.deployer.behave('r2', { errorRate: 0.2 });
    const { states } = await goOnDying(arranged, atCommits);
    expect(states).toEqual(['rolled-back', 'rolled-back']);
    expect([shares(arranged, 'ranker'), shares(arranged, 'retriever')]).toEqual(
      ['k1=100', 'r1=100'],
    );
    expect(await arranged.knex('environment_locks')).toEqual([]);
  });
});
