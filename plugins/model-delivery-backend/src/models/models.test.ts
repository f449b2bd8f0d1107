import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { createConditionExports } from '@backstage/plugin-permission-node';
import {
  modelReadPermission,
  ModelSummary,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { hasRisk, isModelOwner, modelResourceRef } from '../access/modelRules';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { groups, modelEntity, people } from '../__testUtils__/people';
import { readAll } from '../__testUtils__/readAll';
import { sampleParts, sampleRegistration } from '../__testUtils__/samples';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

const { conditions, createConditionalDecision } = createConditionExports({
  resourceRef: modelResourceRef,
  rules: { isModelOwner, hasRisk },
});

const PRICING = 'group:default/pricing';

const entities = [
  modelEntity('credit-default', { risk: 'high' }),
  modelEntity('credit-limits', { risk: 'medium' }),
  modelEntity('churn', {
    risk: 'low',
    owner: PRICING,
    lifecycle: 'experimental',
    task: 'text-classification',
  }),
  modelEntity('price_100%', { risk: 'low', owner: PRICING }),
];

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('models on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let engine: TestEngine;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({
      knex,
      entities,
      config: {
        modelDelivery: { catalog: { pollInterval: { milliseconds: 50 } } },
      },
      decide: (permission, user) => {
        if (user === people.outsider) {
          return { result: AuthorizeResult.DENY };
        }
        return permission === 'model-delivery.model.read' &&
          user === people.teamLead
          ? createConditionalDecision(modelReadPermission, {
              anyOf: [
                conditions.isModelOwner({ owners: [PRICING] }),
                { not: conditions.hasRisk({ risks: ['low', 'high'] }) },
              ],
            })
          : { result: AuthorizeResult.ALLOW };
      },
    });
  });
  afterEach(() => engine.stop());

  const list = async (query = '', user = people.dataScientist) =>
    (await engine.as(user).get(`/models?sort=name${query}`).expect(200)).body;
  const names = (page: { items: ModelSummary[] }) =>
    page.items.map(each => each.name);

  it('are those of the catalog', async () => {
    const page = await list();
    expect(names(page)).toEqual([
      'churn',
      'credit-default',
      'credit-limits',
      'price_100%',
    ]);
    expect(page.items[1]).toEqual({
      ref: 'model:default/credit-default',
      namespace: 'default',
      name: 'credit-default',
      title: 'Title of credit-default',
      task: 'tabular-classification',
      owner: groups.team,
      system: null,
      lifecycle: 'production',
      risk: 'high',
      teamSize: 'small',
      tier: 'comprehensive',
      sample: false,
      production: null,
      rollout: null,
      health: { state: 'no-data', detail: null },
      waiting: {
        kind: 'nothing',
        detail: null,
        promotionId: null,
        since: null,
      },
      latestVersion: null,
      versionCount: 0,
      lastDeployedAt: null,
      recentDeployments: [],
    });
    expect(page.summary).toEqual({
      models: 4,
      inProduction: 0,
      rollingOut: 0,
      waitingForApproval: 0,
      registryReadAt: null,
      registryStale: false,
    });
  });

  it('leave the list when the catalog no longer has them, and return with their history', async () => {
    const versions = '/models/default/churn/versions';
    await engine.as().post(versions, sampleRegistration('1')).expect(201);
    engine.setEntities(entities.slice(0, 2));
    await until(async () => {
      engine.clock.advance({ minutes: 1 });
      return (await list()).totalItems === 2;
    });
    await engine.as().get('/models/default/churn').expect(404);

    engine.setEntities(entities);
    const back = await engine.as().get('/models/default/churn').expect(200);
    expect(back.body).toMatchObject({ latestVersion: '1', versionCount: 1 });
    expect(names(await list())).toContain('churn');
  });

  it('are known on demand before the catalog was compared', async () => {
    engine.setEntities([...entities, modelEntity('brand-new')]);
    await engine.as().get('/models/default/brand-new').expect(200);
    const response = await engine.as().get('/models/default/none').expect(404);
    expect(response.body.error.message).toContain('model:default/none');
  });

  it('are found by text, taken for what it says', async () => {
    expect(names(await list('&q=CREDIT'))).toEqual([
      'credit-default',
      'credit-limits',
    ]);
    expect(names(await list('&q=_100%25'))).toEqual(['price_100%']);
    expect(names(await list('&q=%25'))).toEqual(['price_100%']);
    expect(names(await list('&q=text-class'))).toEqual(['churn']);
  });

  it('are filtered, each facet counted under the other filters', async () => {
    await engine
      .as()
      .post('/models/default/credit-limits/versions', sampleRegistration('1'))
      .expect(201);
    await engine
      .as()
      .post('/models/default/credit-limits/deployments', {
        id: 'd1',
        version: '1',
        environment: 'production',
        startedAt: '2026-11-20T10:00:00Z',
      })
      .expect(201);
    const page = await list(
      `&facets=true&risk=low&owner=${encodeURIComponent(PRICING)}`,
    );
    expect(names(page)).toEqual(['churn', 'price_100%']);
    expect(page.totalItems).toBe(2);
    const facets = Object.fromEntries(
      page.facets.map(
        (each: {
          name: string;
          values: { value: string; count: number }[];
        }) => [
          each.name,
          each.values.map(({ value, count }) => `${value} ${count}`),
        ],
      ),
    );
    expect(facets.risk).toEqual(['low 2']);
    expect(facets.owner).toEqual([`${PRICING} 2`]);
    expect(facets.lifecycle).toEqual(['experimental 1', 'production 1']);
    expect(facets.serving).toEqual(['nowhere 2']);
    const all = await list('&facets=true');
    expect(
      all.facets.find((each: { name: string }) => each.name === 'serving')
        .values,
    ).toEqual([
      { value: 'production', count: 1 },
      { value: 'nowhere', count: 3 },
    ]);
    expect(names(await list('&serving=production'))).toEqual(['credit-limits']);
    expect(names(await list('&serving=nowhere&risk=high'))).toEqual([
      'credit-default',
    ]);
    expect(all.items[2]).toMatchObject({
      production: { version: '1', since: '2026-11-20T10:00:00.000Z' },
      lastDeployedAt: '2026-11-20T10:00:00.000Z',
      recentDeployments: [
        { at: '2026-11-20T10:00:00.000Z', rolledBack: false },
      ],
    });
  });

  it.each(['name', 'attention', 'risk', 'deployed'])(
    'are paged without loss or repetition by %s',
    async sort => {
      await knex('models')
        .where({ name: 'churn' })
        .update({ attention: 5, last_deployed_at: new Date('2026-11-01') });
      await knex('models')
        .where({ name: 'credit-default' })
        .update({ attention: 5, last_deployed_at: new Date('2026-11-02') });
      const whole = await engine.as().get(`/models?sort=${sort}`).expect(200);
      const seen = await readAll<ModelSummary>(
        engine.as(),
        `/models?sort=${sort}&limit=1`,
      );
      expect(seen).toEqual(whole.body.items);
      expect(seen).toHaveLength(4);
    },
  );

  it('refuse a cursor of another order', async () => {
    const { body } = await engine
      .as()
      .get('/models?sort=name&limit=1')
      .expect(200);
    const response = await engine
      .as()
      .get(`/models?sort=deployed&limit=1&cursor=${body.nextCursor}`)
      .expect(400);
    expect(response.body.error.message).toContain('request/query/cursor');
  });

  it('are only those that the caller may see, in list, counts and pages alike', async () => {
    const page = await list('&facets=true', people.teamLead);
    expect(names(page)).toEqual(['churn', 'credit-limits', 'price_100%']);
    expect(page.summary.models).toBe(3);
    expect(
      page.facets.find((each: { name: string }) => each.name === 'risk').values,
    ).toEqual([
      { value: 'low', count: 2 },
      { value: 'medium', count: 1 },
    ]);
    const api = engine.as(people.teamLead);
    await api.get('/models/default/churn').expect(200);
    await api.get('/models/default/credit-default').expect(403);
    await api.get('/models/default/credit-default/versions').expect(403);
    await engine.as(people.outsider).get('/models').expect(403);
  });

  it('tell where they stand in each environment of their policy', async () => {
    const api = engine.as();
    const model = '/models/default/credit-default';
    for (const version of ['1', '2']) {
      const parts = sampleParts({ parameters: { depth: version } });
      await api
        .post(`${model}/versions`, sampleRegistration(version, { parts }))
        .expect(201);
    }
    await api
      .post(`${model}/deployments`, {
        id: 'd1',
        version: '1',
        environment: 'production',
        startedAt: '2026-11-18T10:00:00Z',
        endedAt: '2026-11-20T10:00:00Z',
      })
      .expect(201);
    await api
      .post(`${model}/deployments`, {
        id: 'd2',
        version: '2',
        environment: 'production',
        startedAt: '2026-11-20T10:00:00Z',
      })
      .expect(201);
    const { body } = await engine.as(people.mlEngineer).get(model).expect(200);
    expect(
      body.environments.map((each: { name: string }) => each.name),
    ).toEqual(['staging', 'production']);
    expect(body.environments[1]).toMatchObject({
      tier: 'production',
      serving: [{ version: '2', origin: 'recorded' }],
      openPromotion: null,
      rollbackTarget: { version: '1', ready: false },
      endpoint: 'http://127.0.0.1:1/',
    });
    expect(body.policy.digest).toMatch(/^sha256:/);
    expect(body.registry).toBeNull();
    expect(body.viewer).toEqual({
      mayRequestPromotion: true,
      mayRollBack: true,
      mayRevokeEvidence: true,
      barredFromServingOn: [],
      mayBreakGlassIn: [],
    });
    expect(body.production.version).toBe('2');
    expect(body.latestVersion).toBe('2');
  });
});
