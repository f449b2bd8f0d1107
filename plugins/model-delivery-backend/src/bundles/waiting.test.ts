import { arrangeBundle } from '../__testUtils__/arrangeBundle';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(240_000);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('a member that waits for the others of its bundle, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let engine: TestEngine;
  let ranker: TestDelivery;
  let k: string;
  let r: string;

  /** k2 has passed its first step, and r2 still gathers samples for it. */
  beforeEach(async () => {
    ({ engine, ranker, k, r } = await arrangeBundle(
      await databases.init(databaseId),
    ));
    await ranker.approve(k);
    await ranker.untilStep(k, 0);
    await ranker.untilStep(r, 0);
    engine.deployer.behave('r2', { requests: 3 });
    engine.clock.advance({ minutes: 31 });
    await ranker.until(k, each => each.rollout?.steps[0].state === 'passed');
  });
  afterEach(() => engine.stop());

  const allShares = () =>
    ['ranker', 'retriever'].map(name =>
      engine.deployer
        .sharesOf({ model: `model:default/${name}`, environment: 'production' })
        .map(each => `${each.version}=${each.share}`)
        .join(' '),
    );

  it('is watched, and takes the whole bundle back within one interval once it fails', async () => {
    expect(allShares()).toEqual(['k2=5 k1=95', 'r2=5 r1=95']);
    engine.deployer.behave('k2', { errorRate: 1 });
    engine.clock.advance({ seconds: 10 });
    const failed = await ranker.until(k, 'rolled-back');
    await ranker.until(r, 'rolled-back');
    expect(allShares()).toEqual(['k1=100', 'r1=100']);
    expect(failed.rollout?.steps[0].state).toBe('failed');
    expect(failed.statement).toContain('surely beyond the margin');
    expect(engine.notifications.map(({ payload }) => payload.title)).toContain(
      'k2 failed at 5 % while it waited for the others of its bundle',
    );
  });

  it('without a signal takes it back too, since what is not watched does not serve', async () => {
    const { read } = engine.deployer;
    engine.deployer.read = options => {
      if (options.version === 'k2') {
        throw new Error('The metrics server does not answer');
      }
      return read.call(engine.deployer, options);
    };
    for (const [before, seconds] of [10, 5, 10, 20].entries()) {
      engine.clock.advance({ seconds });
      await ranker.until(k, each => each.error?.attempts === before + 1);
    }
    engine.clock.advance({ seconds: 40 });
    await ranker.until(k, 'rolled-back');
    await ranker.until(r, 'rolled-back');
    expect(allShares()).toEqual(['k1=100', 'r1=100']);
  });

  it('and then meets technical trouble takes it back too, once it fails', async () => {
    engine.deployer.beforeOperation = operation => {
      if (operation.startsWith('traffic k2=25')) {
        throw new Error('The target does not answer');
      }
    };
    engine.deployer.behave('r2', {});
    engine.clock.advance({ minutes: 31 });
    await ranker.untilStep(r, 1);
    for (const [before, seconds] of [5, 10, 20, 40].entries()) {
      await ranker.until(k, each => each.error?.attempts === before + 1);
      engine.clock.advance({ seconds });
    }
    await ranker.until(k, each => each.error?.attempts === 5);
    engine.deployer.behave('k2', { errorRate: 0.9 });
    engine.clock.advance({ seconds: 10 });
    await ranker.until(k, 'rolled-back');
    await ranker.until(r, 'rolled-back');
    expect(allShares()).toEqual(['k1=100', 'r1=100']);
  });
});
