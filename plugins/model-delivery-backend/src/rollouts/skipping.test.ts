import { createMockDirectory } from '@backstage/backend-test-utils';
import { AuditEntry } from '@slipway/backstage-plugin-model-delivery-common';
import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { arrangeRollout } from '../__testUtils__/arrangeRollout';
import { people } from '../__testUtils__/people';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

const step = (share: number) =>
  `{ share: ${share}, window: 10m, minimumSamples: 250 }`;
const CANARY = `strategy: canary, steps: [${[5, 25, 100]
  .map(step)
  .join(
    ', ',
  )}], metrics: [{ name: error-rate, margin: 0.05 }, { name: latency, margin: 20 }]`;

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('skipping steps on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  const directory = createMockDirectory();
  let engine: TestEngine;
  let delivery: TestDelivery;
  let id: string;

  async function start(more: Record<string, string>) {
    ({ engine, delivery } = await arrangeRollout(
      engines,
      directory,
      CANARY,
      more,
    ));
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(201));
    id = body.id;
    await delivery.untilStep(id, 0);
  }
  afterEach(() => engine.stop());

  const skip = async (by: string | undefined, more: object = {}) =>
    engine.as(by).post(`/promotions/${id}/transitions`, {
      event: 'skip',
      revision: (await delivery.get(id)).revision,
      reason: 'Seen enough of it',
      ...more,
    });
  const states = async () =>
    (await delivery.get(id)).rollout!.steps.map(each => each.state);

  it('is for those whom the policy names, leaves a mark, and never leaves out the last step', async () => {
    await start({ skipSteps: '{ roles: [team-lead] }' });
    const offered = async (by: string) =>
      (await delivery.get(id, by)).allowedEvents.includes('skip');
    expect(await offered(people.teamLead)).toBe(true);
    expect(await offered(people.mlEngineer)).toBe(false);

    const refused = await skip(people.mlEngineer);
    expect([refused.status, refused.body.error.message]).toEqual([
      403,
      'You may not skip a step in production: the policy lets Team lead (group:default/team-leads) do it',
    ]);
    const program = await skip(undefined);
    expect(program.status).toBe(403);
    expect(program.body.error.message).toContain('only people skip steps');
    const agent = await skip(people.teamLead, { agent: 'copilot' });
    expect(agent.status).toBe(403);
    expect(agent.body.error.message).toContain(
      'agents may not skip a promotion',
    );
    for (const reason of [undefined, '  ']) {
      expect((await skip(people.teamLead, { reason })).status).toBe(400);
    }
    expect(await states()).toEqual(['running', 'pending', 'pending']);
    const { body: told } = await engine
      .as(people.outsider)
      .get(`/promotions/${id}/timeline`)
      .expect(answers(200));
    expect(told.items).toContainEqual(
      expect.objectContaining({
        actor: people.mlEngineer,
        action: 'promotion.skip-refused',
      }),
    );

    const skipped = await skip(people.teamLead);
    expect(skipped.status).toBe(200);
    expect(skipped.body.rollout.steps[0]).toMatchObject({
      state: 'skipped',
      judgedAt: null,
      samples: 4_000,
      skip: {
        by: people.teamLead,
        at: engine.clock.now().toISOString(),
        reason: 'Seen enough of it',
      },
    });
    // A step that did not come to its end says nothing of those that follow
    engine.clock.advance({ seconds: 1 });
    await delivery.untilStep(id, 1);
    expect(delivery.shares()).toBe('v2=25 v1=75');
    answers(200)(await skip(people.teamLead));
    engine.clock.advance({ seconds: 1 });
    await delivery.untilStep(id, 2);
    expect(await offered(people.teamLead)).toBe(false);
    const last = await skip(people.teamLead);
    expect([last.status, last.body.error.message]).toEqual([
      409,
      `Promotion ${id} is rolling-out: 'skip' is not possible now; possible: pause, abort`,
    ]);
    engine.clock.advance({ minutes: 11 });
    await delivery.until(id, 'succeeded');
    expect(await states()).toEqual(['skipped', 'skipped', 'passed']);

    const { body } = await engine
      .as(people.riskManager)
      .get(`/promotions/${id}/timeline?limit=100`)
      .expect(answers(200));
    const entry = body.items.find(
      (each: AuditEntry) => each.action === 'promotion.step-skipped',
    );
    expect(entry).toMatchObject({
      actor: people.teamLead,
      summary:
        'Step 5 % skipped, which is not a pass, by a person: Seen enough of it',
    });
  });

  it('does not hide a failure, nor that nothing is seen', async () => {
    await start({ skipSteps: '{ roles: [team-lead] }' });
    engine.deployer.behave('v2', { errorRate: 0.5 });
    const failing = await skip(people.teamLead);
    expect(failing.status).toBe(409);
    expect(failing.body.error.message).toContain(
      "The step can't be skipped, since it fails: error rate is 50 %",
    );
    engine.deployer.behave('v2', { requests: 0 });
    const unseen = await skip(people.teamLead);
    expect([unseen.status, unseen.body.error.message]).toEqual([
      409,
      "The step can't be skipped without a signal, since nobody knows how v2 does: v2 has answered nothing in it",
    ]);
    engine.deployer.beforeRead = () => {
      throw new Error('The metrics server does not answer');
    };
    const lost = await skip(people.teamLead);
    expect(lost.status).toBe(409);
    expect(lost.body.error.message).toContain(
      'nobody knows how v2 does: The metrics server does not answer',
    );
    expect(await states()).toEqual(['running', 'pending', 'pending']);
    expect(delivery.shares()).toBe('v2=5 v1=95');
  });

  it('is for nobody unless the policy says so', async () => {
    await start({});
    expect((await delivery.get(id, people.teamLead)).allowedEvents).toEqual([
      'pause',
      'abort',
    ]);
    const refused = await skip(people.teamLead);
    expect([refused.status, refused.body.error.message]).toEqual([
      403,
      'The policy lets nobody skip a step in production',
    ]);
  });
});
