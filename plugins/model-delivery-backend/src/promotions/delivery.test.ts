import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

describe('a promotion', () => {
  const databases = MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  });
  let engine: TestEngine | undefined;
  afterEach(() => engine?.stop());

  const begin = async (databaseId: Parameters<typeof databases.init>[0]) => {
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [modelEntity('credit-default')],
    });
    return { engine, delivery: new TestDelivery(engine) };
  };
  const production = {
    model: 'model:default/credit-default',
    environment: 'production',
  };

  it.each(databases.eachSupportedId())(
    'goes through gates, approval and canary to full traffic, on %p',
    async databaseId => {
      const { engine: running, delivery } = await begin(databaseId);
      await delivery.register('v1');
      await delivery.deployFirst('v1');
      await delivery.register('v2');
      const id = await delivery.startCanary('v2');
      for (const [index, share] of [5, 25, 50, 100].entries()) {
        const promotion = await delivery.untilStep(id, index);
        expect(promotion.rollout?.share).toBe(share);
        expect(promotion.statement).toMatch(
          new RegExp(`^Serving ${share} % for 0 s; next judgement in`),
        );
        expect(running.deployer.sharesOf(production)).toEqual(
          share === 100
            ? [{ version: 'v2', share }]
            : [
                { version: 'v2', share },
                { version: 'v1', share: 100 - share },
              ],
        );
        running.clock.advance({ minutes: 31 });
      }
      const done = await delivery.until(id, 'succeeded');
      expect(done.rollout?.steps.map(step => step.state)).toEqual(
        Array(4).fill('passed'),
      );
      expect(done.rollout?.steps[0].analysis.map(each => each.verdict)).toEqual(
        ['pass', 'pass'],
      );
      expect(done.history.map(each => each.state)).toEqual([
        'requested',
        'evaluating',
        'awaiting-approval',
        'scheduled',
        'rolling-out',
        'succeeded',
      ]);
      const { body } = await running
        .as(people.outsider)
        .get(`${delivery.path}/deployments?environment=production`)
        .expect(200);
      expect(
        body.items.map((each: Record<string, unknown>) => [
          each.version,
          each.outcome,
          [...(each.approvedBy as string[])].sort(),
        ]),
      ).toEqual([
        ['v2', 'serving', [people.complianceOfficer, people.riskManager]],
        ['v1', 'superseded', [people.complianceOfficer, people.riskManager]],
      ]);
    },
  );
});
