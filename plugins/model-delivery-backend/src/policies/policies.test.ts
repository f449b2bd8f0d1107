import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import {
  answers,
  GOOD_FACTS,
  TestDelivery,
} from '../__testUtils__/TestDelivery';

jest.setTimeout(60_000);

describe('policies', () => {
  const databases = MigratedDatabases.create({ ids: ['SQLITE_3'] });
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
      ['high-large', 'comprehensive'],
      ['high-medium', 'comprehensive'],
      ['high-small', 'comprehensive'],
      ['medium-large', 'standard'],
      ['medium-medium', 'standard'],
      ['medium-small', 'standard'],
      ['low-large', 'streamlined'],
      ['low-medium', 'streamlined'],
      ['low-small', 'streamlined'],
    ]);
    const high = body.items[2];
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

  it('can be tried as drafts on past promotions, page by page', async () => {
    const delivery = new TestDelivery(engine);
    await delivery.register('v1');
    await delivery.register('v2', {
      facts: { ...GOOD_FACTS, tests: { failed: 0, coverage: 0.82 } },
    });
    for (const version of ['v1', 'v2']) {
      const { body } = await delivery.request(version, 'staging');
      await delivery.until(body.id, 'succeeded');
    }
    const yaml = `apiVersion: slipway.dev/v1alpha1
kind: DeliveryPolicy
metadata: { name: draft, title: Draft }
spec:
  extends: built-in/high-small
  risk: high
  teamSize: small
  gates:
    - id: coverage
      when: tests.metrics.coverage >= 0.9
`;
    const attempt = (query: string, text = yaml) =>
      engine
        .as(people.platformEngineer)
        .post(`/policies/try?${query}`, { yaml: text });
    const first = await attempt('limit=1').expect(answers(200));
    expect(first.body).toMatchObject({
      // Those of medium and large teams would not be at least as strict any more.
      errors: [
        { message: expect.stringContaining('looser condition') },
        { message: expect.stringContaining('looser condition') },
      ],
      examined: 1,
      items: [
        {
          version: 'v2',
          environment: 'staging',
          before: 'let-through',
          after: 'blocked',
          gates: [{ gate: 'coverage', before: 'passed', after: 'failed' }],
        },
      ],
    });
    const rest = await attempt(`limit=5&cursor=${first.body.nextCursor}`);
    expect(rest.body).toMatchObject({ examined: 1, items: [] });
    expect(rest.body.nextCursor).toBeUndefined();

    const broken = await attempt('limit=5', 'kind: 1').expect(answers(200));
    expect(broken.body.items).toEqual([]);
    expect(broken.body.errors.length).toBeGreaterThan(0);
    await engine
      .as(people.outsider)
      .post('/policies/try', { yaml })
      .expect(answers(403));
  });

  it('tell their history and differences', async () => {
    const user = engine.as(people.platformEngineer);
    const { body } = await user
      .get('/policies/history?risk=high&limit=2')
      .expect(answers(200));
    expect(body.items).toHaveLength(2);
    const { body: list } = await user.get('/policies');
    expect(list.status).toMatchObject({ source: 'built-in', problems: [] });
    expect(list.viewer).toEqual({ mayTry: true });
    const [large, medium] = list.items;
    const { body: compared } = await user
      .get(
        `/policies/compare?before=${encodeURIComponent(
          medium.digest,
        )}&after=${encodeURIComponent(large.digest)}`,
      )
      .expect(answers(200));
    expect(compared.changes).toContainEqual({
      environment: 'production',
      subject: 'Every required cost tag is set',
      before: null,
      after: 'cost.metrics.missing_tags == 0.0, at most 90d old',
      effect: 'tightened',
    });
    expect(
      compared.changes.every(
        (each: { effect: string }) => each.effect === 'tightened',
      ),
    ).toBe(true);
    const { body: tiers } = await user
      .get(
        `/policies/compare?before=${encodeURIComponent(
          list.items.at(-1).digest,
        )}&after=${encodeURIComponent(large.digest)}`,
      )
      .expect(answers(200));
    expect(tiers.changes).toContainEqual({
      environment: null,
      subject: 'Faulty data',
      before: 'owners are told',
      after:
        'evaluations are revoked of what was made of them, for certain or possibly',
      effect: 'tightened',
    });
    const nowhere = encodeURIComponent(`sha256:${'0'.repeat(64)}`);
    await user
      .get(`/policies/compare?before=${nowhere}&after=${nowhere}`)
      .expect(answers(404));
    await engine
      .as(people.outsider)
      .get('/policies/history')
      .expect(answers(403));
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
