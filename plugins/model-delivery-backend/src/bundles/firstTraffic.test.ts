import { arrangeBundle } from '../__testUtils__/arrangeBundle';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { GOOD_FACTS } from '../__testUtils__/TestDelivery';

jest.setTimeout(120_000);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('the first traffic of a bundle, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let engine: TestEngine;
  afterEach(() => engine.stop());

  it('is given to no member when the gates of one do not let it through any more', async () => {
    const arranged = await arrangeBundle(await databases.init(databaseId));
    const { ranker, k, r } = arranged;
    engine = arranged.engine;
    // The server of r2 takes its time, in which k2 is found to be unfair
    let isSlow = true;
    engine.deployer.answerInstead = operation =>
      isSlow && operation === 'prepare r2' ? { state: 'pending' } : undefined;
    await ranker.approve(k);
    await ranker.until(k, each => each.statement.includes('waits for'));
    await ranker.report(
      'k2',
      { candidate: { ...GOOD_FACTS.candidate, fairness_gap: 0.4 } },
      'late',
    );
    isSlow = false;
    engine.clock.advance({ seconds: 11 });
    await ranker.until(k, 'blocked');
    const other = await ranker.until(r, each =>
      ['awaiting-approval', 'scheduled', 'blocked'].includes(each.state),
    );
    expect(other.history.map(each => each.state)).toContain('rolling-out');
    for (const name of ['ranker', 'retriever']) {
      const target = {
        model: `model:default/${name}`,
        environment: 'production',
      };
      expect(engine.deployer.sharesOf(target)).toEqual([
        { version: name === 'ranker' ? 'k1' : 'r1', share: 100 },
      ]);
    }
  });
});
