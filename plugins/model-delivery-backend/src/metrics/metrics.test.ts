import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { createConditionExports } from '@backstage/plugin-permission-node';
import {
  ChangeKind,
  Measure,
  MetricsReport,
  modelReadPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { isModelOwner, modelResourceRef } from '../access/modelRules';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { groups, modelEntity, people } from '../__testUtils__/people';
import { readAll } from '../__testUtils__/readAll';
import { sampleRegistration } from '../__testUtils__/samples';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';

jest.setTimeout(60_000);

const { conditions, createConditionalDecision } = createConditionExports({
  resourceRef: modelResourceRef,
  rules: { isModelOwner },
});

const PRICING = 'group:default/pricing';
const PERIOD = periodOf('2026-11-02T00:00:00Z', '2026-11-16T00:00:00Z');
const HOUR = 3600;

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('delivery metrics on %s', databaseId => {
  let engine: TestEngine;
  // Said first, so that it ends before its database
  afterAll(() => engine.stop());
  const databases = MigratedDatabases.create({ ids: [databaseId] });

  const storyOf = (name: string) => {
    const path = `/models/default/${name}`;
    const api = engine.as();
    let count = 0;
    return {
      register: (version: string, kind: ChangeKind, commitAt?: string) =>
        api
          .post(
            `${path}/versions`,
            sampleRegistration(version, {
              changeKinds: [kind],
              commits: commitAt
                ? [
                    {
                      sha: 'abc1234',
                      author: 'milo@example.com',
                      authoredAt: commitAt,
                    },
                  ]
                : [],
            }),
          )
          .expect(201),
      deploy: (version: string, startedAt: string, rest: object) =>
        api
          .post(`${path}/deployments`, {
            id: `d${++count}`,
            version,
            environment: 'production',
            startedAt,
            ...rest,
          })
          .expect(201),
      incident: (
        detectedAt: string,
        resolvedAt: string,
        causedByVersion?: string,
      ) =>
        api
          .put(`${path}/incidents/i${++count}`, {
            title: 'Nonsense',
            detectedAt,
            resolvedAt,
            causedByVersion,
          })
          .expect(201),
      run: (outcome: string, finishedAt: string) =>
        api
          .put(`${path}/runs/r${++count}`, {
            trigger: 'code',
            outcome,
            startedAt: '2026-11-02T00:00:00Z',
            finishedAt,
          })
          .expect(201),
    };
  };

  /** Two models over two weeks; each test below is worked out from it by hand. */
  beforeAll(async () => {
    engine = await startTestEngine({
      knex: await databases.init(databaseId),
      entities: [
        modelEntity('credit', { risk: 'high' }),
        modelEntity('prices', { risk: 'low', owner: PRICING }),
      ],
      decide: (permission, user) => {
        if (
          user === people.outsider &&
          permission === 'model-delivery.metrics.read'
        ) {
          return { result: AuthorizeResult.DENY };
        }
        return permission === 'model-delivery.model.read' &&
          user === people.teamLead
          ? createConditionalDecision(
              modelReadPermission,
              conditions.isModelOwner({ owners: [PRICING] }),
            )
          : { result: AuthorizeResult.ALLOW };
      },
    });
    const credit = storyOf('credit');
    await credit.register('1', 'code', '2026-11-01T00:00:00Z');
    await credit.register('2', 'code', '2026-11-03T10:00:00Z');
    await credit.register('3', 'code', '2026-11-04T06:00:00Z');
    await credit.register('4', 'configuration');
    // At the very start of the period: counted.
    await credit.deploy('1', '2026-11-02T00:00:00Z', { reason: 'planned' });
    await credit.deploy('2', '2026-11-03T22:00:00Z', { reason: 'planned' });
    // Ten hours later: 2 was hot-fixed.
    await credit.deploy('3', '2026-11-04T08:00:00Z', {
      reason: 'unplanned-fix',
    });
    await credit.deploy('4', '2026-11-10T00:00:00Z', {
      outcome: 'rolled-back',
      failureDetectedAt: '2026-11-10T00:10:00Z',
      endedAt: '2026-11-10T00:40:00Z',
    });
    await credit.deploy('3', '2026-11-10T00:40:00Z', { restores: true });

    const prices = storyOf('prices');
    await prices.register('a', 'data', '2026-11-05T00:00:00Z');
    await prices.register('b', 'data', '2026-11-14T00:00:00Z');
    await prices.deploy('a', '2026-11-12T00:00:00Z', { reason: 'planned' });
    await prices.incident('2026-11-12T06:00:00Z', '2026-11-12T07:00:00Z', 'a');
    // Caused by no deployment: a failure, but none of a deployment.
    await prices.incident('2026-11-13T06:00:00Z', '2026-11-13T07:00:00Z');
    // At the very end of the period: not counted any more.
    await prices.deploy('b', '2026-11-16T00:00:00Z', { reason: 'planned' });

    await credit.run('success', '2026-11-03T00:00:00Z');
    await credit.run('failure', '2026-11-04T00:00:00Z');
    await credit.run('error', '2026-11-05T00:00:00Z');
    await prices.run('cancelled', '2026-11-06T00:00:00Z');
    await prices.run('error', '2026-11-16T00:00:00Z');
  });

  const report = async (
    query = '',
    user = people.platformEngineer,
  ): Promise<MetricsReport> =>
    (await engine.as(user).get(`/metrics?${PERIOD}${query}`).expect(200)).body;
  const measure = (of: { measures: Measure[] }, id: Measure['id']) =>
    of.measures.find(each => each.id === id)!;

  it('count what happened in the half-open period', async () => {
    const metrics = await report();
    expect(metrics).toMatchObject({ activeModels: 2, bucketDays: 7 });

    expect(measure(metrics, 'deployment-frequency')).toMatchObject({
      value: 2.5,
      unit: 'per-week',
      count: 5,
      sampleSize: 5,
      coverage: 1,
      meetsTarget: true,
      trend: [
        { from: '2026-11-02T00:00:00.000Z', value: 3 },
        { from: '2026-11-09T00:00:00.000Z', value: 2 },
      ],
    });
    expect(measure(metrics, 'deployment-frequency').target!.value).toBeCloseTo(
      (2 * 7 * 12) / 365.25,
    );

    const leadTime = measure(metrics, 'lead-time');
    expect(leadTime).toMatchObject({
      value: 18 * HOUR,
      unit: 'seconds',
      sampleSize: 4,
      coverage: 0.8,
      // Of several kinds of change, which have targets of their own.
      target: null,
      meetsTarget: null,
    });
    expect(leadTime.p90).toBeCloseTo(24 * HOUR + 0.7 * 144 * HOUR);
    expect(leadTime.trend.map(each => each.value)).toEqual([
      12 * HOUR,
      168 * HOUR,
    ]);

    const failureRate = measure(metrics, 'change-failure-rate');
    expect(failureRate).toMatchObject({
      value: 0.6,
      unit: 'share',
      count: 3,
      sampleSize: 5,
      target: { value: 0.05, better: 'lower' },
      meetsTarget: false,
    });
    // Wilson's interval of 3 of 5.
    expect(failureRate.interval!.low).toBeCloseTo(0.2307, 3);
    expect(failureRate.interval!.high).toBeCloseTo(0.8824, 3);

    expect(measure(metrics, 'recovery-time')).toMatchObject({
      value: 1800,
      p90: 3240,
      sampleSize: 3,
      coverage: 0.75,
      meetsTarget: false,
    });
    expect(measure(metrics, 'rework-rate')).toMatchObject({
      value: 0.25,
      count: 1,
      sampleSize: 4,
      coverage: 0.8,
      target: null,
    });
    expect(measure(metrics, 'pipeline-reliability')).toMatchObject({
      value: 0.75,
      count: 3,
      sampleSize: 4,
      meetsTarget: false,
    });
    expect(metrics.outcomes).toEqual([
      {
        from: '2026-11-02T00:00:00.000Z',
        fullTraffic: 2,
        hotFixed: 1,
        rolledBack: 0,
        incidents: 0,
      },
      {
        from: '2026-11-09T00:00:00.000Z',
        fullTraffic: 1,
        hotFixed: 0,
        rolledBack: 1,
        incidents: 2,
      },
    ]);
    expect(metrics.runs).toEqual([
      {
        from: '2026-11-02T00:00:00.000Z',
        finished: 4,
        failure: 1,
        error: 1,
      },
      {
        from: '2026-11-09T00:00:00.000Z',
        finished: 0,
        failure: 0,
        error: 0,
      },
    ]);
  });

  it('tell lead times by kind of change, each against its own target', async () => {
    const { leadTime } = await report();
    expect(
      leadTime.map(each => [
        each.changeKind,
        each.value,
        each.sampleSize,
        each.targetSeconds,
        each.points.map(point => point.median),
      ]),
    ).toEqual([
      ['code', 12 * HOUR, 3, 24 * HOUR, [12 * HOUR, null]],
      ['data', 168 * HOUR, 1, null, [null, 168 * HOUR]],
      ['configuration', null, 0, 4 * HOUR, [null, null]],
      ['base-model', null, 0, null, [null, null]],
    ]);
    expect(
      measure(await report('&changeKind=code'), 'lead-time'),
    ).toMatchObject({
      value: 12 * HOUR,
      target: { value: 24 * HOUR, better: 'lower' },
      meetsTarget: true,
    });
  });

  it('say that there is no data rather than zero', async () => {
    const { body } = await engine
      .as(people.platformEngineer)
      .get(
        `/metrics?${periodOf('2026-01-05T00:00:00Z', '2026-01-19T00:00:00Z')}`,
      )
      .expect(200);
    for (const each of body.measures as Measure[]) {
      expect(each).toMatchObject({
        value: null,
        p90: null,
        interval: null,
        coverage: null,
        sampleSize: 0,
        meetsTarget: null,
      });
      expect(each.trend.map(point => point.value)).toEqual([null, null]);
    }
    const runs = await report('&changeKind=code');
    expect(measure(runs, 'pipeline-reliability').value).toBeNull();
  });

  it('are narrowed to what the caller asks for and may see', async () => {
    const owner = encodeURIComponent(PRICING);
    const frequency = async (query: string, user?: string) =>
      measure(await report(query, user), 'deployment-frequency').count;
    expect(await frequency(`&owner=${owner}`)).toBe(1);
    expect(await frequency('&risk=high')).toBe(4);
    expect(await frequency('&risk=high&risk=low')).toBe(5);
    expect(
      await frequency(`&model=${encodeURIComponent('model:default/credit')}`),
    ).toBe(4);
    expect(await frequency('', people.teamLead)).toBe(1);
    expect((await report('', people.teamLead)).activeModels).toBe(1);
    await engine.as(people.outsider).get(`/metrics?${PERIOD}`).expect(403);
  });

  it.each([
    ['owner', [groups.team, PRICING], ['credit-risk', 'pricing']],
    [
      'model',
      ['model:default/credit', 'model:default/prices'],
      ['Title of credit', 'Title of prices'],
    ],
    ['risk', ['high', 'low'], ['High risk', 'Low risk']],
    [
      'change-kind',
      ['code', 'configuration', 'data'],
      ['Code', 'Configuration', 'Data'],
    ],
  ])('are told by %s, most deployments first', async (by, keys, titles) => {
    const api = engine.as(people.platformEngineer);
    const { body } = await api
      .get(`/metrics/groups?by=${by}&${PERIOD}`)
      .expect(200);
    expect(body.items.map((each: { key: string }) => each.key)).toEqual(keys);
    expect(body.items.map((each: { title: string }) => each.title)).toEqual(
      titles,
    );
    expect(body.totalItems).toBe(keys.length);
    const paged = await readAll<{ key: string }>(
      api,
      `/metrics/groups?by=${by}&${PERIOD}&limit=1`,
    );
    expect(paged.map(each => each.key)).toEqual(keys);
  });

  it('are told of each group for itself', async () => {
    const { body } = await engine
      .as(people.platformEngineer)
      .get(`/metrics/groups?by=owner&${PERIOD}`)
      .expect(200);
    expect(body.items[0].activeModels).toBe(1);
    expect(measure(body.items[0], 'change-failure-rate')).toMatchObject({
      count: 2,
      sampleSize: 4,
    });
    expect(measure(body.items[1], 'recovery-time')).toMatchObject({
      value: 3600,
      sampleSize: 1,
      coverage: 0.5,
    });
  });

  it.each([
    ['deployment-frequency', 5, 5],
    ['lead-time', 5, 4],
    ['change-failure-rate', 5, 3],
    ['recovery-time', 4, 3],
    ['rework-rate', 5, 1],
    ['break-glass-rate', 5, 0],
    ['pipeline-reliability', 4, 3],
    ['outside-changes', 0, 0],
  ])('lead from %s down to its %i events', async (id, total, counted) => {
    const api = engine.as(people.platformEngineer);
    const items = await readAll<{ at: string; counted: boolean }>(
      api,
      `/metrics/events?measure=${id}&${PERIOD}&limit=2`,
    );
    expect(items).toHaveLength(total);
    expect(items.filter(each => each.counted)).toHaveLength(counted);
    expect(items.map(each => each.at)).toEqual(
      items
        .map(each => each.at)
        .sort()
        .reverse(),
    );
  });

  it.each([
    [periodOf('', '2026-11-02T00:00:00Z'), 'from'],
    [periodOf('2026-11-16T00:00:00Z', '2026-11-02T00:00:00Z'), 'to'],
    [periodOf('2024-11-16T00:00:00Z', '2026-11-02T00:00:00Z'), 'to'],
    [periodOf('yesterday', '2026-11-02T00:00:00Z'), 'from'],
  ])('refuse a period such as %s', async (period, parameter) => {
    const response = await engine
      .as(people.platformEngineer)
      .get(`/metrics?${period}`)
      .expect(400);
    expect(response.body.error.message).toContain(`request/query/${parameter}`);
  });
});

function periodOf(from: string, to: string): string {
  return new URLSearchParams({ from, to }).toString();
}
