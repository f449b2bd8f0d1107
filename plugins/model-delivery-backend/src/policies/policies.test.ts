import { TestDatabases } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

describe('policies', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let engine: TestEngine;

  beforeEach(async () => {
    engine = await startTestEngine({
      knex: await databases.init('SQLITE_3'),
      entities: [modelEntity('credit-default')],
      decide: (_, user) => ({
        result:
          user === people.outsider
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      }),
    });
  });
  afterEach(() => engine.stop());

  it('in force are listed, strictest first', async () => {
    const { body } = await engine
      .as(people.platformEngineer)
      .get('/policies')
      .expect(answers(200));
    expect(
      body.items.map((each: { name: string; tier: string }) => [
        each.name,
        each.tier,
      ]),
    ).toEqual([
      ['high', 'comprehensive'],
      ['medium', 'standard'],
      ['low', 'streamlined'],
    ]);
    const [high] = body.items;
    expect(high.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const production = high.environments[1];
    expect(
      production.rollout.steps.map((step: { share: number }) => step.share),
    ).toEqual([5, 25, 50, 100]);
    expect(
      production.slots.map((slot: { role: string; group: string }) => [
        slot.role,
        slot.group,
      ]),
    ).toEqual([
      ['model-risk-manager', 'group:default/model-risk-managers'],
      ['compliance-officer', 'group:default/compliance-officers'],
    ]);
  });

  it('are checked as drafts, each error with its path', async () => {
    const { body } = await engine
      .as(people.platformEngineer)
      .post('/policies/validate', { yaml: 'kind: DeliveryPolicy\ncolour: red' })
      .expect(answers(200));
    expect(body.errors).toEqual(
      expect.arrayContaining([
        { path: 'apiVersion', message: expect.any(String) },
        { path: 'spec', message: expect.any(String) },
        { path: 'colour', message: 'is not a known field' },
      ]),
    );
  });

  it('and promotions are closed to whoever lacks the permission', async () => {
    const delivery = new TestDelivery(engine);
    await delivery.register('v1');
    const { body } = await delivery.request('v1', 'staging');
    await delivery.until(body.id, 'succeeded');
    const outsider = engine.as(people.outsider);
    await outsider.get('/policies').expect(answers(403));
    await outsider.get('/promotions').expect(answers(403));
    await outsider.get('/approvals?section=waiting').expect(answers(403));
    await outsider.get(`/promotions/${body.id}`).expect(answers(403));
    await outsider.get(`/promotions/${body.id}/gates`).expect(answers(403));
    await outsider.get(`/promotions/${body.id}/series`).expect(answers(403));
    await outsider.get(`${delivery.path}/gates`).expect(answers(403));
    await outsider.get(`${delivery.path}/deployments`).expect(answers(403));
    const refused = await delivery
      .request('v1', 'production', { by: people.outsider })
      .expect(answers(403));
    expect(refused.body.error.message).toBe(
      'user:default/oscar lacks the permission model-delivery.promotion.request for model:default/credit-default in production',
    );
    await outsider
      .post(`/promotions/${body.id}/transitions`, {
        event: 'cancel',
        revision: 1,
      })
      .expect(answers(403));
    await outsider
      .post(`${delivery.path}/rollbacks`, {
        environment: 'staging',
        reason: 'x',
      })
      .expect(answers(403));
    const all = await engine.as(people.teamLead).get('/promotions');
    expect(all.body.items).toHaveLength(1);
  });
});
