import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { OperationStatus } from '@slipway/backstage-plugin-model-delivery-node';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { rolloutPolicies } from '../__testUtils__/rolloutPolicies';
import { startTestEngine, TestClock } from '../__testUtils__/startTestEngine';
import { TestDelivery } from '../__testUtils__/TestDelivery';
import { until } from '../__testUtils__/until';
import { UnitOfWork } from '../database/UnitOfWork';
import { PromotionSteps } from './PromotionSteps';
import { PromotionWorker } from './PromotionWorker';

jest.setTimeout(60_000);

const QUICK =
  'strategy: canary, steps: [{ share: 20, window: 2s, minimumSamples: 250 }, { share: 100, window: 2s, minimumSamples: 250 }], metrics: [{ name: error-rate, margin: 0.05 }]';

class WallClock extends TestClock {
  override now() {
    return new Date();
  }
}

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('the worker on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const directory = createMockDirectory();

  it('wakes by itself when a step is due, and waits for nobody that never answers', async () => {
    directory.setContent(rolloutPolicies(`{ ${QUICK} }`));
    const engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('quick'), modelEntity('stuck')],
      clock: new WallClock(),
      config: {
        modelDelivery: {
          policies: { directory: directory.path },
          // Nothing but its own alarm wakes it
          workers: { pollInterval: { hours: 1 }, concurrency: 2 },
        },
      },
    });
    let letGo = () => {};
    try {
      const quick = new TestDelivery(engine, 'quick');
      await quick.register('v1');
      await quick.stage('v1');
      const first = await quick.request('v1', 'production');
      await quick.until(first.body.id, 'awaiting-approval');
      await quick.decide(first.body.id, people.teamLead, 'team-lead');
      await quick.until(first.body.id, 'succeeded');
      await quick.register('v2');
      await quick.stage('v2');

      const stuck = new TestDelivery(engine, 'stuck');
      await stuck.register('v3');
      const { prepare } = engine.deployer;
      const hung = new Promise<OperationStatus>(resolve => {
        letGo = () => resolve({ state: 'done' });
      });
      engine.deployer.prepare = options =>
        options.target.model.endsWith('stuck')
          ? hung
          : prepare.call(engine.deployer, options);
      const { body: held } = await stuck.request('v3', 'staging');
      await stuck.until(held.id, 'rolling-out');

      const { body } = await quick.request('v2', 'production');
      const ended = await quick.until(body.id, 'succeeded');

      for (const { endsAt, judgedAt } of ended.rollout!.steps) {
        const late = Date.parse(judgedAt!) - Date.parse(endsAt!);
        expect(late).toBeGreaterThanOrEqual(0);
        // On a busy machine too; without its alarm it would sleep for an hour
        expect(late).toBeLessThan(5_000);
      }
    } finally {
      letGo();
      await engine.stop();
    }
  });

  it('misses nothing that becomes due while it looks', async () => {
    const knex = await databases.init(databaseId);
    const engine = await startTestEngine({
      knex,
      entities: [modelEntity('quick')],
    });
    const delivery = new TestDelivery(engine, 'quick');
    await delivery.register('v1');
    await delivery.stage('v1');
    await engine.stop();
    const begun = engine.clock.now();
    const after = (milliseconds: number) =>
      new Date(begun.getTime() + milliseconds);
    await knex('promotions').update({ due_at: after(50), lease_until: null });

    // Due between the first time that it looks at the clock and the second
    const moments = [begun];
    const next = jest.fn(async () => {
      await knex('promotions').update({ due_at: null });
    });
    const worker = new PromotionWorker({
      work: new UnitOfWork({
        knex,
        clock: () => moments.shift() ?? after(100),
      }),
      steps: { next } as unknown as PromotionSteps,
      logger: mockServices.logger.mock(),
      leaseMs: 60_000,
      concurrency: 2,
    });
    worker.wake();
    await until(async () => next.mock.calls.length > 0);
    await worker.stop();
    expect(next).toHaveBeenCalledTimes(1);
  });
});
