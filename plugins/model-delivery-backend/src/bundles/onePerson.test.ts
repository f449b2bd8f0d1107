import { Entity } from '@backstage/catalog-model';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { groups, modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(120_000);

/** Holds the role that the low-risk member asks for and the one that the medium-risk member does. */
const BOTH = 'user:default/bo';
const bo: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name: 'bo', namespace: 'default' },
  spec: { memberOf: [groups.teamLeads, groups.riskManagers] },
  relations: [groups.teamLeads, groups.riskManagers].map(targetRef => ({
    type: 'memberOf',
    targetRef,
  })),
};

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('one person and a bundle on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let engine: TestEngine;
  let low: TestDelivery;
  let id: string;

  beforeEach(async () => {
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [
        bo,
        modelEntity('retriever', { risk: 'low' }),
        modelEntity('ranker', { risk: 'medium' }),
      ],
    });
    low = new TestDelivery(engine, 'retriever');
    for (const delivery of [low, new TestDelivery(engine, 'ranker')]) {
      await delivery.register('v1');
      await delivery.stage('v1');
    }
    const { body: bundle } = await engine
      .as(people.dataScientist)
      .post('/bundles', {
        name: 'Search',
        members: ['retriever', 'ranker'].map(name => ({
          model: `model:default/${name}`,
          version: 'v1',
        })),
      })
      .expect(answers(201));
    const { body } = await engine
      .as(people.dataScientist)
      .post('/bundle-promotions', {
        bundle: bundle.id,
        environment: 'production',
      })
      .expect(answers(201));
    const ids: string[] = body.members.map(
      (each: { promotion: { id: string } }) => each.promotion.id,
    );
    for (const each of ids) {
      await low.until(each, 'awaiting-approval');
    }
    [id] = ids;
  });
  afterEach(() => engine.stop());

  /** Sends decisions at the same moment, all of them on what was seen before. */
  async function decideAtOnce(
    ...made: { by: string; role: string }[]
  ): Promise<[number, string | undefined][]> {
    const { revision, approval } = await low.get(id);
    const responses = await Promise.all(
      made.map(({ by, role }) =>
        low.decide(id, by, role, {
          revision,
          subjectDigest: approval.subject!.digest,
        }),
      ),
    );
    return responses
      .map(({ status, body }): [number, string | undefined] => [
        status,
        body.error?.message,
      ])
      .sort(([a], [b]) => a - b);
  }
  const filled = async () =>
    (await low.get(id)).approval.slots
      .map(each => each.filled)
      .reduce((sum, each) => sum + each, 0);

  it('fills one slot with two decisions at once in the roles of two members', async () => {
    const [first, second] = await decideAtOnce(
      { by: BOTH, role: 'team-lead' },
      { by: BOTH, role: 'model-risk-manager' },
    );
    expect(first[0]).toBe(201);
    expect(second).toEqual([
      409,
      expect.stringContaining('one person fills one slot'),
    ]);
    expect(await filled()).toBe(1);
  });

  it('has one say when somebody decides on its behalf at the same moment', async () => {
    await engine
      .as(BOTH)
      .post('/delegations', {
        group: groups.riskManagers,
        to: people.outsider,
        until: new Date(
          engine.clock.now().getTime() + 24 * 3_600_000,
        ).toISOString(),
        reason: 'On leave',
      })
      .expect(answers(201));
    const [first, second] = await decideAtOnce(
      { by: BOTH, role: 'team-lead' },
      { by: people.outsider, role: 'model-risk-manager' },
    );
    expect(first[0]).toBe(201);
    expect([403, 409]).toContain(second[0]);
    expect(await filled()).toBe(1);
    // Others fill what is left
    const left = (await low.get(id)).approval.slots.find(
      each => each.filled === 0,
    )!;
    const by =
      left.role === 'team-lead' ? people.teamLead : people.secondRiskManager;
    answers(201)(await low.decide(id, by, left.role));
  });
});
