import { createMockDirectory } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { promotionControlPermission } from '@slipway/backstage-plugin-model-delivery-common';
import { arrangeRollout } from '../__testUtils__/arrangeRollout';
import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { people } from '../__testUtils__/people';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

const CANARY = `strategy: canary, steps: [${[25, 50, 100]
  .map(share => `{ share: ${share}, window: 10m, minimumSamples: 100 }`)
  .join(', ')}], metrics: [{ name: error-rate, margin: 0.05 }]`;

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('what a person does to a promotion, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  const directory = createMockDirectory();
  let engine: TestEngine;
  let delivery: TestDelivery;
  let id: string;
  /** What happens while it is looked up whether somebody may control the promotion. */
  let meanwhile: (() => Promise<unknown>) | undefined;

  beforeEach(async () => {
    meanwhile = undefined;
    ({ engine, delivery } = await arrangeRollout(
      engines,
      directory,
      CANARY,
      { skipSteps: '{ roles: [team-lead] }' },
      async permission => {
        if (permission === promotionControlPermission.name && meanwhile) {
          const happens = meanwhile;
          meanwhile = undefined;
          await happens();
        }
        return { result: AuthorizeResult.ALLOW };
      },
    ));
  });
  afterEach(() => engine.stop());

  const request = async () => {
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(201));
    id = body.id;
  };

  it('does not cancel what takes its first traffic at that moment', async () => {
    let isReady = false;
    engine.deployer.answerInstead = operation =>
      operation.startsWith('prepare v2') && !isReady
        ? { state: 'pending' }
        : undefined;
    await request();
    const { revision } = await delivery.until(id, 'rolling-out');
    meanwhile = async () => {
      isReady = true;
      engine.clock.advance({ minutes: 1 });
      await until(async () => delivery.shares() === 'v2=25 v1=75');
    };
    const late = await engine
      .as(people.mlEngineer)
      .post(`/promotions/${id}/transitions`, { event: 'cancel', revision });
    expect([late.status, late.body.error.message]).toEqual([
      409,
      expect.stringContaining("'cancel' is not possible any more"),
    ]);
    const { state, allowedEvents } = await delivery.untilStep(id, 0);
    expect([state, delivery.shares()]).toEqual(['rolling-out', 'v2=25 v1=75']);
    expect(allowedEvents).toContain('abort');
    answers(200)(await delivery.transition(id, 'abort'));
    await delivery.until(id, 'rolled-back');
    expect(delivery.shares()).toBe('v1=100');
  });

  it('does not let a program go on with what waits for a person', async () => {
    await request();
    await delivery.untilStep(id, 0);
    answers(200)(await delivery.transition(id, 'pause'));
    const { revision } = await delivery.until(id, 'paused');
    const refused = await engine
      .as()
      .post(`/promotions/${id}/transitions`, { event: 'resume', revision });
    expect([refused.status, refused.body.error.message]).toEqual([
      403,
      expect.stringContaining('only people resume rollouts'),
    ]);
    answers(200)(await delivery.transition(id, 'resume'));
  });
});
