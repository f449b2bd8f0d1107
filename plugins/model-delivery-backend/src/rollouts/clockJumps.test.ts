import { createMockDirectory } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { BLUE_GREEN, rolloutPolicies } from '../__testUtils__/rolloutPolicies';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(120_000);

const CANARY =
  'strategy: canary, steps: [{ share: 20, window: 10m, minimumSamples: 250 }, { share: 100, window: 10m, minimumSamples: 250 }], metrics: [{ name: error-rate, margin: 0.05 }]';

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('a clock that jumps, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const directory = createMockDirectory();

  /** v1 serves, and v2 is in staging. */
  async function arrange(rollout: string) {
    directory.setContent(rolloutPolicies(`{ ${rollout} }`));
    const knex = await databases.init(databaseId);
    const engine = await startTestEngine({
      knex,
      entities: [modelEntity('churn')],
      config: { modelDelivery: { policies: { directory: directory.path } } },
    });
    const delivery = new TestDelivery(engine, 'churn');
    await delivery.register('v1');
    await delivery.stage('v1');
    const { body } = await delivery.request('v1', 'production');
    await delivery.until(body.id, 'awaiting-approval');
    await delivery.decide(body.id, people.teamLead, 'team-lead');
    await delivery.until(body.id, 'succeeded');
    await delivery.register('v2');
    await delivery.stage('v2');
    return { knex, engine, delivery };
  }

  async function goOnUntil(
    { engine, delivery }: { engine: TestEngine; delivery: TestDelivery },
    id: string,
    state: string,
  ) {
    return delivery.until(id, promotion => {
      engine.clock.advance({ seconds: 30 });
      return promotion.state === state;
    });
  }

  /** Who had all traffic, and that each took it over at the moment when the one before lost it. */
  async function historyOf(knex: Knex) {
    const rows: {
      version: string;
      started_at: string | Date;
      full_traffic_at: string | Date;
      ended_at: string | Date | null;
    }[] = await knex('deployments')
      .join('versions', 'versions.id', 'deployments.version_id')
      .where({ environment: 'production' })
      .whereNotNull('full_traffic_at')
      .orderBy('full_traffic_at')
      .select('deployments.*', 'versions.name as version');
    const at = (moment: string | Date) => new Date(moment).getTime();
    rows.forEach(({ started_at, full_traffic_at, ended_at }, i) => {
      expect(at(full_traffic_at)).toBeGreaterThanOrEqual(at(started_at));
      if (i < rows.length - 1) {
        expect(at(ended_at!)).toBe(at(rows[i + 1].full_traffic_at));
      } else {
        expect(ended_at).toBeNull();
      }
    });
    return rows.map(each => each.version);
  }

  it.each([
    ['a canary', CANARY],
    ['a blue-green rollout', BLUE_GREEN],
  ])(
    'back by a day: %s goes on, and its history has neither gap nor overlap',
    async (_, rollout) => {
      const arranged = await arrange(rollout);
      const { knex, engine, delivery } = arranged;
      engine.clock.advance({ hours: -24 });
      const { body } = await delivery.request('v2', 'production');

      await goOnUntil(arranged, body.id, 'succeeded');

      expect(await historyOf(knex)).toEqual(['v1', 'v2']);
      await engine.stop();
    },
  );

  it('back by a day: what is taken back leaves the one before as it was', async () => {
    const arranged = await arrange(CANARY);
    const { knex, engine, delivery } = arranged;
    engine.deployer.behave('v2', { errorRate: 0.3 });
    engine.clock.advance({ hours: -24 });
    const { body } = await delivery.request('v2', 'production');

    await goOnUntil(arranged, body.id, 'rolled-back');

    expect(await historyOf(knex)).toEqual(['v1']);
    const rows = await knex('deployments').where({ outcome: 'rolled-back' });
    rows.forEach(({ started_at, ended_at }) =>
      expect(new Date(ended_at).getTime()).toBeGreaterThanOrEqual(
        new Date(started_at).getTime(),
      ),
    );
    await engine.stop();
  });

  it('ahead by a day in the middle of a rollout: it is judged by what was measured, and ends once', async () => {
    const arranged = await arrange(CANARY);
    const { knex, engine, delivery } = arranged;
    const { body } = await delivery.request('v2', 'production');
    await delivery.untilStep(body.id, 0);
    engine.clock.advance({ hours: 24 });

    await goOnUntil(arranged, body.id, 'succeeded');

    expect(await historyOf(knex)).toEqual(['v1', 'v2']);
    expect(
      await knex('audit_entries')
        .where({ action: 'promotion.succeeded' })
        .where({ subject: `promotion:${body.id}` }),
    ).toHaveLength(1);
    await engine.stop();
  });
});
