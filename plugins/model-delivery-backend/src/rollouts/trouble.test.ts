import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';
import { until } from '../__testUtils__/until';

jest.setTimeout(120_000);

const entities = [modelEntity('credit-default')];
const production = {
  model: 'model:default/credit-default',
  environment: 'production',
};

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('lasting technical trouble, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({ knex, entities });
    delivery = new TestDelivery(engine);
    await delivery.register('v1');
  });
  afterEach(() => engine.stop());

  const rollBack = (body: object = {}) =>
    engine.as(people.onCall).post(`${delivery.path}/rollbacks`, {
      environment: 'production',
      reason: 'Nonsense answers',
      ...body,
    });
  /** From now on the deployer does not answer to what begins so. */
  const breakDown = (operation: string) => {
    engine.deployer.beforeOperation = each => {
      if (each.startsWith(operation)) {
        throw new Error('The target does not answer');
      }
    };
  };
  const mend = () => {
    engine.deployer.beforeOperation = () => {};
  };
  const fails = (id: string, attempts: number) =>
    delivery.until(id, each => each.error?.attempts === attempts);
  const told = (title: string) =>
    engine.notifications.filter(({ payload }) => payload.title.includes(title));
  const latest = async () => {
    const { body } = await engine
      .as(people.outsider)
      .get('/promotions?limit=1')
      .expect(answers(200));
    return body.items[0];
  };

  describe('of a rollback', () => {
    /** v2 took over from v1, and fails while it is watched; the target does not answer. */
    const failWatched = async () => {
      await delivery.deployFirst('v1');
      await delivery.register('v2');
      const id = await delivery.startCanary('v2');
      for (const index of [0, 1, 2, 3]) {
        await delivery.untilStep(id, index);
        engine.clock.advance({ minutes: 31 });
      }
      await delivery.until(id, each => Boolean(each.rollout?.watch?.lookedAt));
      breakDown('traffic v1');
      engine.deployer.behave('v2', { errorRate: 0.5 });
      engine.clock.advance({ minutes: 1 });
      await delivery.until(id, each => each.rollout?.watch?.state === 'failed');
      return (await latest()).id as string;
    };

    it('is tried to be mended for ever, with pauses of a minute, and people are told once', async () => {
      const back = await failWatched();
      for (let attempts = 1; attempts <= 8; attempts++) {
        const { error } = await fails(back, attempts);
        const pause = Math.min(60, 5 * 2 ** (attempts - 1));
        expect(Date.parse(error!.retryAt!)).toBe(
          engine.clock.now().getTime() + pause * 1000,
        );
        engine.clock.advance({ seconds: pause });
      }
      await fails(back, 9);
      expect(delivery.shares()).toBe('v2=100');
      expect(told('v1 of Title of credit-default: technical')).toHaveLength(1);

      mend();
      engine.clock.advance({ minutes: 1 });
      await delivery.until(back, 'succeeded');
      expect(delivery.shares()).toBe('v1=100');
    });

    it('is tried to be mended at once when the same rollback is asked for', async () => {
      const back = await failWatched();
      await fails(back, 1);
      mend();
      const { body } = await rollBack().expect(answers(201));
      expect(body.id).toBe(back);
      await delivery.until(back, 'succeeded');
      expect(delivery.shares()).toBe('v1=100');
    });

    it('that was given up by an earlier release is tried to be mended again', async () => {
      const back = await failWatched();
      await fails(back, 1);
      await engine.stop();
      const migration = {
        directory: resolvePackagePath(
          '@slipway/backstage-plugin-model-delivery-backend',
          'migrations',
        ),
        name: '20261122120000_trouble.js',
      };
      await knex.migrate.down(migration);
      await knex('promotions').where({ id: back }).update({ due_at: null });
      await knex.migrate.up(migration);
      // The migration goes by the computer's clock
      const behind = Date.now() - engine.clock.now().getTime();
      engine.clock.advance({ seconds: Math.max(0, behind) / 1000, hours: 1 });
      mend();
      const { deployer, clock } = engine;
      engine = await startTestEngine({ knex, entities, deployer, clock });
      delivery = new TestDelivery(engine);
      await delivery.until(back, 'succeeded');
      expect(delivery.shares()).toBe('v1=100');
    });

    it('that moved nothing gives way to a rollback to another version', async () => {
      for (const version of ['v1', 'v2', 'v3']) {
        if (version !== 'v1') {
          await delivery.register(version);
        }
        await delivery.stage(version);
      }
      breakDown('prepare v2');
      const { body } = await rollBack({ environment: 'staging' }).expect(
        answers(201),
      );
      expect(body.version).toBe('v2');
      await fails(body.id, 1);
      const other = await rollBack({
        environment: 'staging',
        version: 'v1',
      }).expect(answers(201));
      await delivery.until(other.body.id, 'succeeded');
      expect((await delivery.get(body.id)).state).toBe('cancelled');
      expect(
        engine.deployer.sharesOf({ ...production, environment: 'staging' }),
      ).toEqual([{ version: 'v1', share: 100 }]);
    });
  });

  describe('between two steps', () => {
    let id: string;

    /** v2 has 5 %, and the target does not answer when it is to have 25 %. */
    const begin = async () => {
      await delivery.deployFirst('v1');
      await delivery.register('v2');
      id = await delivery.startCanary('v2');
      breakDown('traffic v2=25');
      engine.clock.advance({ minutes: 31 });
      for (const [before, seconds] of [5, 10, 20, 40].entries()) {
        await fails(id, before + 1);
        engine.clock.advance({ seconds });
      }
      const stopped = await fails(id, 5);
      expect(stopped.error?.retryAt).toBeNull();
      expect(stopped.statement).toBe(
        'Technical trouble: The target does not answer; a person decides whether to try again. It is watched meanwhile, and goes back by itself if it fails',
      );
      expect(delivery.shares()).toBe('v2=5 v1=95');
    };
    /** Lets an analysis interval pass, and waits until the engine has looked. */
    const look = async () => {
      let reads = 0;
      const { beforeRead } = engine.deployer;
      engine.deployer.beforeRead = () => {
        reads += 1;
        return beforeRead();
      };
      engine.clock.advance({ seconds: 10 });
      await until(async () => reads > 0);
      engine.deployer.beforeRead = beforeRead;
    };

    it('does not let a version that fails serve on', async () => {
      await begin();
      await look();
      expect((await delivery.get(id)).state).toBe('errored');
      engine.deployer.behave('v2', { errorRate: 0.9 });
      engine.clock.advance({ seconds: 10 });
      const back = await delivery.until(id, 'rolled-back');
      expect(delivery.shares()).toBe('v1=100');
      expect(back.statement).toContain('surely beyond the margin');
      expect(
        told('v2 failed at 5 % while technical trouble kept it from going on'),
      ).toHaveLength(1);
    });

    it('is told of once more where the version cannot be watched, and can be mended by a person', async () => {
      await begin();
      engine.deployer.beforeRead = () => {
        throw new Error('The metrics server does not answer');
      };
      engine.clock.advance({ seconds: 10 });
      await delivery.until(id, each =>
        each.statement.includes(
          'Besides, it cannot be watched meanwhile: The metrics server does not answer',
        ),
      );
      await look();
      await look();
      expect(told('and cannot be watched')).toHaveLength(1);
      engine.deployer.beforeRead = () => {};
      engine.clock.advance({ seconds: 10 });
      await delivery.until(id, each =>
        each.statement.endsWith('goes back by itself if it fails'),
      );
      mend();
      expect((await delivery.transition(id, 'retry')).status).toBe(200);
      await delivery.untilStep(id, 1);
      expect(delivery.shares()).toBe('v2=25 v1=75');
    });
  });
});
