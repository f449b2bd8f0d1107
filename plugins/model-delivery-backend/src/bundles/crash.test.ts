import { BundlePromotion } from '@slipway/backstage-plugin-model-delivery-common';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { MortalDatabase } from '../__testUtils__/MortalDatabase';
import { modelEntity, people } from '../__testUtils__/people';
import { startReplica } from '../__testUtils__/startReplica';
import { startTestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(300_000);

const names = ['ranker', 'retriever'] as const;
const entities = names.map(name => modelEntity(name));

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('replicas with a bundle on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });

  /** k1 and r1 serve; k2 and r2 are approved as a bundle while no engine runs. */
  async function arrange() {
    const knex = await databases.init(databaseId);
    const engine = await startTestEngine({ knex, entities });
    const deliveries = names.map(name => new TestDelivery(engine, name));
    for (const [i, delivery] of deliveries.entries()) {
      const letter = 'kr'[i];
      await delivery.register(`${letter}1`);
      await delivery.deployFirst(`${letter}1`);
      await delivery.register(`${letter}2`);
      await delivery.stage(`${letter}2`);
    }
    const { body: bundle } = await engine
      .as(people.dataScientist)
      .post('/bundles', {
        name: 'Search',
        members: [
          { model: 'model:default/ranker', version: 'k2' },
          { model: 'model:default/retriever', version: 'r2' },
        ],
      })
      .expect(answers(201));
    const { body }: { body: BundlePromotion } = await engine
      .as(people.dataScientist)
      .post('/bundle-promotions', {
        bundle: bundle.id,
        environment: 'production',
      })
      .expect(answers(201));
    const [k, r] = body.members.map(each => each.promotion!.id);
    await deliveries[0].until(r, 'awaiting-approval');
    // The window of the first step is long enough not to end before the engine stops
    await deliveries[0].approve(k);
    await engine.stop();
    return { knex, engine };
  }

  /** Lets one replica after another go on, each of which dies at its next commit: in turn just before and just after it. */
  async function goOnDying({
    knex,
    engine,
  }: Awaited<ReturnType<typeof arrange>>) {
    let replicas = 0;
    const isOver = async () =>
      (
        await knex('promotions')
          .whereNotNull('bundle_promotion_id')
          .whereNotNull('due_at')
      ).length === 0;
    for (; replicas < 150 && !(await isOver()); replicas++) {
      let armed = false;
      const point = replicas % 2 === 0 ? 'before-commit' : 'after-commit';
      const database = new MortalDatabase(knex, at => armed && at === point);
      const replica = await startReplica({
        knex: database.knex,
        entities,
        deployer: engine.deployer,
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
    return knex('promotions')
      .whereNotNull('bundle_promotion_id')
      .pluck('state');
  }

  const shares = (
    { engine }: Awaited<ReturnType<typeof arrange>>,
    name: string,
  ) =>
    engine.deployer
      .sharesOf({ model: `model:default/${name}`, environment: 'production' })
      .map(each => `${each.version}=${each.share}`)
      .join(' ');

  it('bring all members back when one fails', async () => {
    const arranged = await arrange();
    arranged.engine.deployer.behave('r2', { errorRate: 0.2 });
    expect(await goOnDying(arranged)).toEqual(['rolled-back', 'rolled-back']);
    expect([shares(arranged, 'ranker'), shares(arranged, 'retriever')]).toEqual(
      ['k1=100', 'r1=100'],
    );
    expect(await arranged.knex('environment_locks')).toEqual([]);
  });
});
