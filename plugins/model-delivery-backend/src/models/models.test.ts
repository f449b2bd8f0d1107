import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { createConditionExports } from '@backstage/plugin-permission-node';
import {
  ModelPage,
  modelReadPermission,
  ModelSummary,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { hasRisk, isModelOwner, modelResourceRef } from '../access/modelRules';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { groups, modelEntity, people } from '../__testUtils__/people';
import { readAll } from '../__testUtils__/readAll';
import {
  sampleEvaluation,
  sampleParts,
  sampleRegistration,
} from '../__testUtils__/samples';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { until } from '../__testUtils__/until';
import { sweepCardStates } from './cardState';

jest.setTimeout(60_000);

const { conditions, createConditionalDecision } = createConditionExports({
  resourceRef: modelResourceRef,
  rules: { isModelOwner, hasRisk },
});

type ModelFacet = NonNullable<ModelPage['facets']>[number];

const PRICING = 'group:default/pricing';

const entities = [
  modelEntity(
    'credit-default',
    { risk: 'high', system: 'lending' },
    { 'slipway.dev/framework': ' XGBoost ' },
  ),
  modelEntity('credit-limits', { risk: 'medium' }),
  modelEntity('churn', {
    risk: 'low',
    owner: PRICING,
    lifecycle: 'experimental',
    task: 'text-classification',
  }),
  modelEntity(
    'price_100%',
    { risk: 'low', owner: PRICING },
    {
      'slipway.dev/framework': 'x'.repeat(5_000),
      'slipway.dev/to-be-completed': 'owner,intendedUse',
    },
  ),
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
      system: 'system:default/lending',
      lifecycle: 'production',
      risk: 'high',
      teamSize: 'small',
      tier: 'comprehensive',
      framework: 'xgboost',
      servingIn: [],
      sample: false,
      production: null,
      rollout: null,
      health: { state: 'no-data', detail: null },
      card: { state: 'unmeasured', writtenAt: null },
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
    expect(names(await list('&q=system:default/lend'))).toEqual([
      'credit-default',
    ]);
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
    const facetsOf = async (query: string) => {
      const page = await list(`&facets=true${query}`);
      return Object.fromEntries(
        page.facets.map((each: ModelFacet) => [
          each.name,
          each.values.map(({ value, count }) => `${value} ${count}`),
        ]),
      );
    };
    const owner = `&owner=${encodeURIComponent('Group:default/Pricing')}`;
    for (const counting of ['', '&facets=true']) {
      const page = await list(`&risk=low${owner}${counting}`);
      expect(names(page)).toEqual(['churn', 'price_100%']);
      expect(page.totalItems).toBe(2);
      expect(await list(`&framework=none${counting}`)).toMatchObject({
        items: [],
        totalItems: 0,
      });
    }
    // By all of them at once
    const first = await list('&facets=true&limit=1');
    const each = first.facets.map(
      ({ name, values }: ModelFacet) =>
        `&${name}=${encodeURIComponent(values[0]?.value ?? 'none')}`,
    );
    expect(await list(`&facets=true${each.join('')}`)).toMatchObject({
      items: [],
      totalItems: 0,
      facets: first.facets.map(({ name }: ModelFacet) => ({ name })),
    });
    expect(await facetsOf(`&risk=low${owner}`)).toEqual({
      waiting: ['nothing 2'],
      risk: ['low 2'],
      tier: ['streamlined 2'],
      health: ['no-data 2'],
      owner: [`${PRICING} 2`],
      system: [],
      lifecycle: ['experimental 1', 'production 1'],
      serving: ['nowhere 2'],
      task: ['tabular-classification 1', 'text-classification 1'],
      framework: [`${'x'.repeat(200)} 1`],
      card: ['unmeasured 2'],
      toBeCompleted: ['intendedUse 1', 'owner 1'],
    });
    // A facet that is picked goes on telling what else there is under the others
    expect(await facetsOf('&tier=streamlined&framework=xgboost')).toMatchObject(
      {
        tier: ['comprehensive 1'],
        risk: [],
        framework: [`${'x'.repeat(200)} 1`],
        owner: [],
      },
    );
    expect(
      await facetsOf(
        `&system=${encodeURIComponent('system:default/lending')}&q=credit`,
      ),
    ).toMatchObject({
      system: ['system:default/lending 1'],
      framework: ['xgboost 1'],
      tier: ['comprehensive 1'],
    });
    const all = await list('&facets=true');
    expect((await facetsOf('')).serving).toEqual(['nowhere 3', 'production 1']);
    expect((await facetsOf('&serving=nowhere')).serving).toEqual([
      'nowhere 3',
      'production 1',
    ]);
    expect((await facetsOf('')).tier).toEqual([
      'streamlined 2',
      'comprehensive 1',
      'standard 1',
    ]);
    expect(names(await list('&tier=standard&tier=comprehensive'))).toEqual([
      'credit-default',
      'credit-limits',
    ]);
    expect(names(await list('&serving=production'))).toEqual(['credit-limits']);
    expect(names(await list('&serving=nowhere&risk=high'))).toEqual([
      'credit-default',
    ]);
    expect(names(await list('&serving=nowhere&serving=production'))).toEqual(
      names(all),
    );
    expect(names(await list('&serving=prod'))).toEqual([]);
    expect(all.items[2]).toMatchObject({
      servingIn: ['production'],
      production: { version: '1', since: '2026-11-20T10:00:00.000Z' },
      lastDeployedAt: '2026-11-20T10:00:00.000Z',
      recentDeployments: [
        { at: '2026-11-20T10:00:00.000Z', rolledBack: false },
      ],
    });
  });

  it('are found by what nobody has stated of them', async () => {
    expect(names(await list('&toBeCompleted=intendedUse'))).toEqual([
      'price_100%',
    ]);
    expect(names(await list('&toBeCompleted=owner&toBeCompleted=x'))).toEqual([
      'price_100%',
    ]);
    expect(names(await list('&toBeCompleted=own_r'))).toEqual([]);
  });

  it('are found by a stale card: that of what serves, older by now than the policy asks', async () => {
    const model = '/models/default/credit-default';
    const api = engine.as();
    for (const [version, days] of [
      ['1', 80],
      ['2', 3],
    ] as const) {
      const parts = sampleParts({ parameters: { depth: version } });
      await api
        .post(`${model}/versions`, sampleRegistration(version, { parts }))
        .expect(201);
      await api
        .post(
          `${model}/versions/${version}/evaluations`,
          sampleEvaluation('age', {
            fact: 'card',
            metrics: [{ name: 'age_days', value: days }],
          }),
        )
        .expect(201);
    }
    const card = async () => (await list('&q=credit-default')).items[0].card;
    // The latest as long as none serves
    expect(await card()).toMatchObject({ state: 'fresh' });
    await api
      .post(`${model}/deployments`, {
        id: 'd1',
        version: '1',
        environment: 'production',
        startedAt: '2026-11-20T10:00:00Z',
      })
      .expect(201);
    const { state, writtenAt } = await card();
    expect(state).toBe('fresh');
    const limit = (days: number | null) => [
      { risk: 'high', teamSize: 'small', days } as const,
    ];
    const at = (days: number) =>
      new Date(new Date(writtenAt).getTime() + days * 86_400_000);

    await sweepCardStates(knex, limit(90), at(90));
    expect(names(await list('&card=fresh'))).toEqual(['credit-default']);
    await sweepCardStates(knex, limit(90), at(90.1));
    expect(names(await list('&card=stale'))).toEqual(['credit-default']);
    expect(names(await list('&card=fresh'))).toEqual([]);
    // Others have no limit, or another one
    expect(names(await list('&card=unmeasured'))).toHaveLength(3);
    await sweepCardStates(knex, limit(120), at(90.1));
    expect(await card()).toMatchObject({ state: 'fresh' });
    await sweepCardStates(knex, limit(30), at(90.1));
    expect(await card()).toMatchObject({ state: 'stale' });
    await sweepCardStates(knex, limit(null), at(90.1));
    expect(await card()).toMatchObject({ state: 'fresh' });
    await api.get('/models?card=old').expect(400);
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

  it('are asked for by name, and counted so', async () => {
    const refs = '&ref=model:default/Churn&ref=model:default/credit-default';
    const page = await list(`${refs}&ref=model:default/gone&facets=true`);
    expect(names(page)).toEqual(['churn', 'credit-default']);
    expect(page.totalItems).toBe(2);
    expect((await list('&ref=model:default/churn')).totalItems).toBe(1);
    // Not by whom may not see one of them
    const seen = await engine
      .as(people.teamLead)
      .get(`/models?sort=name${refs}`)
      .expect(200);
    expect(names(seen.body)).toEqual(['churn']);
    await engine.as().get('/models?ref=churn').expect(400);
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
