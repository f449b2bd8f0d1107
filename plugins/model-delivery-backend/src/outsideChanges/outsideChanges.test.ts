import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  MetricsEventPage,
  MetricsReport,
  ModelDetail,
  OutsideChange,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  ModelRegistry,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(120_000);

const REASON = 'Nobody agreed to that change';
const PRODUCTION = {
  model: 'model:default/credit-default',
  environment: 'production',
};

/** A registry with three versions and an alias that tests move, as people do in the registry itself. */
class FakeRegistry implements ModelRegistry {
  readonly type = 'fake';
  readonly id = 'main';
  readonly url = 'http://registry.example';
  champion = '1';
  #reads = 0;

  async *readChanges() {
    this.#reads += 1;
    yield {
      cursor: String(this.#reads),
      versions: ['1', '2'].map(version => this.#toVersion(version)),
    };
  }

  async setAlias({ version }: { version: string }) {
    this.champion = version;
  }

  #toVersion(version: string): RegistryVersion {
    return {
      model: 'credit-default',
      version,
      uri: `models:/credit-default/${version}`,
      aliases: this.champion === version ? ['champion'] : [],
      tags: {},
      parameters: {},
      metrics: {},
      datasets: [],
      createdAt: new Date('2026-11-20T00:00:00Z'),
      updatedAt: new Date('2026-11-20T00:00:00Z'),
    };
  }
}

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('what was changed without Slipway on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  let knex: Knex;
  let engine: TestEngine;
  let delivery: TestDelivery;
  let registry: FakeRegistry;

  beforeEach(async () => {
    registry = new FakeRegistry();
    const entity = modelEntity('credit-default');
    entity.metadata.annotations = {
      ...entity.metadata.annotations,
      'slipway.dev/registry': 'fake://main/credit-default',
    };
    ({ engine, knex } = await engines.start({
      start: ground =>
        startTestEngine({
          ...ground,
          entities: [entity],
          registries: [registry],
          config: {
            modelDelivery: {
              workers: { pollInterval: { milliseconds: 50 } },
              registries: { pollInterval: { milliseconds: 200 } },
            },
          },
          decide: (permission, user) => ({
            result:
              user === people.outsider ||
              (permission === 'model-delivery.rollback.create' &&
                user === people.dataScientist)
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
          }),
        }),
      arrange: async first => {
        const arranged = new TestDelivery(first);
        await arranged.register('v1');
        await arranged.deployFirst('v1');
      },
    }));
    delivery = new TestDelivery(engine);
  });
  afterEach(() => engine.stop());

  /** What the delivery metrics say of the weeks around now. */
  const counted = async (): Promise<{
    value: number | null;
    events: string[];
  }> => {
    const now = engine.clock.now().getTime();
    const day = 86_400_000;
    const period = new URLSearchParams({
      from: new Date(now - 7 * day).toISOString(),
      to: new Date(now + 7 * day).toISOString(),
    });
    const api = engine.as(people.dataScientist);
    const report: MetricsReport = (
      await api.get(`/metrics?${period}`).expect(answers(200))
    ).body;
    const page: MetricsEventPage = (
      await api
        .get(`/metrics/events?measure=outside-changes&${period}`)
        .expect(answers(200))
    ).body;
    return {
      value: report.measures.find(each => each.id === 'outside-changes')!.value,
      events: page.items.map(({ kind, detail }) => `${kind}: ${detail}`),
    };
  };
  let keys = 0;
  const moveTraffic = (...shares: { version: string; share: number }[]) => {
    keys += 1;
    return engine.deployer.setTraffic({
      operationKey: `somebody-${keys}`,
      target: PRODUCTION,
      shares,
    });
  };
  const detail = async (): Promise<ModelDetail> =>
    (
      await engine
        .as(people.dataScientist)
        .get(delivery.path)
        .expect(answers(200))
    ).body;
  const list = async (): Promise<OutsideChange[]> =>
    (
      await engine
        .as(people.dataScientist)
        .get(`${delivery.path}/outside-changes`)
        .expect(answers(200))
    ).body.items;
  const until = async (
    fits: (changes: OutsideChange[]) => boolean,
    /** Seconds that pass between looks. */
    pace = 20,
  ) => {
    const deadline = Date.now() + 20_000;
    let changes = await list();
    while (!fits(changes) && Date.now() < deadline) {
      engine.clock.advance({ seconds: pace });
      await new Promise(resolve => setTimeout(resolve, 300));
      changes = await list();
    }
    expect([changes, fits(changes)]).toEqual([changes, true]);
    return changes;
  };
  const act = (change: OutsideChange, deed: 'revert' | 'adopt', by: string) =>
    engine
      .as(by)
      .post(
        `${delivery.path}/outside-changes/${change.id}/${deed}`,
        deed === 'revert' ? { reason: REASON } : undefined,
      );
  const looks = () => new Promise(resolve => setTimeout(resolve, 1_200));

  it('is raised once it lasts, told and shown, and closed by itself when it is gone', async () => {
    await moveTraffic({ version: 'v0', share: 100 });
    await looks();
    // It may pass by itself
    expect(await list()).toEqual([]);
    expect(await counted()).toEqual({ value: 0, events: [] });
    const [change] = await until(all => all.length > 0);
    expect(await counted()).toEqual({
      value: 1,
      events: [
        'outside-change: v0 serves in production, where v1 should; still so',
      ],
    });
    expect(change).toMatchObject({
      kind: 'traffic',
      environment: 'production',
      state: 'open',
      statement: 'v0 serves in production, where v1 should',
      expected: [{ version: 'v1', share: 100 }],
      found: [{ version: 'v0', share: 100 }],
    });
    const shown = await detail();
    expect(shown.outsideChanges).toEqual([change]);
    expect(shown.health).toEqual({
      state: 'outside',
      detail: change.statement,
    });
    const told = engine.notifications.filter(each =>
      /was changed without Slipway/.test(each.payload.title),
    );
    expect(told).toHaveLength(1);
    expect(told[0].recipients).toMatchObject({
      entityRef: ['group:default/credit-risk'],
    });
    await moveTraffic({ version: 'v1', share: 100 });
    const [closed] = await until(all => all[0].state === 'closed');
    expect(closed.closed?.because).toBe('gone');
    expect(await counted()).toEqual({
      value: 1,
      events: [
        'outside-change: v0 serves in production, where v1 should; gone by itself',
      ],
    });
    expect((await detail()).health.state).not.toBe('outside');
    const audit = await knex('audit_entries')
      .where('subject', `outside-change:${change.id}`)
      .orderBy('index')
      .select('action');
    expect(audit.map(each => each.action)).toEqual([
      'outside-change.raised',
      'outside-change.closed',
    ]);
  });

  it('is no rollout in flight', async () => {
    await delivery.register('v2');
    const id = await delivery.startCanary('v2');
    for (let i = 0; i < 4; i += 1) {
      engine.clock.advance({ seconds: 20 });
      await looks();
    }
    expect(await list()).toEqual([]);
    await delivery.transition(id, 'abort');
    await delivery.until(id, 'rolled-back');
    await looks();
    engine.clock.advance({ seconds: 60 });
    await looks();
    expect(await list()).toEqual([]);
  });

  it('is set back by who may, to what the history says', async () => {
    await delivery.register('v2');
    await moveTraffic(
      { version: 'v1', share: 60 },
      { version: 'v2', share: 40 },
    );
    const [change] = await until(all => all.length > 0);
    expect(change.statement).toBe(
      'v1 with 60 % and v2 with 40 % serves in production, where v1 should',
    );
    expect((await act(change, 'revert', people.dataScientist)).status).toBe(
      403,
    );
    expect((await act(change, 'revert', people.outsider)).status).toBe(403);
    expect(
      (await act({ ...change, id: '999' }, 'revert', people.onCall)).status,
    ).toBe(404);
    const short = await engine
      .as(people.onCall)
      .post(`${delivery.path}/outside-changes/${change.id}/revert`, {
        reason: 'no',
      });
    expect(short.status).toBe(400);
    const { body } = await act(change, 'revert', people.onCall).expect(
      answers(200),
    );
    expect(body).toMatchObject({
      state: 'closed',
      closed: { because: 'reverted' },
      revert: { by: people.onCall, reason: REASON, error: null },
    });
    expect(engine.deployer.sharesOf(PRODUCTION)).toEqual([
      { version: 'v1', share: 100 },
    ]);
    expect((await act(change, 'revert', people.onCall)).status).toBe(409);
  });

  /** Every division of traffic that was asked for since, by the share of v2 in it. */
  const watchShares = () => {
    const shares: (number | undefined)[] = [];
    engine.deployer.beforeOperation = () =>
      shares.push(
        engine.deployer.sharesOf(PRODUCTION).find(each => each.version === 'v2')
          ?.share,
      );
    return shares;
  };
  const finish = async (id: string) => {
    const deadline = Date.now() + 30_000;
    while (
      (await delivery.get(id)).state !== 'succeeded' &&
      Date.now() < deadline
    ) {
      engine.clock.advance({ minutes: 30 });
      await new Promise(resolve => setTimeout(resolve, 300));
    }
    return delivery.until(id, 'succeeded');
  };
  const adopt = async (
    ...shares: { version: string; share: number }[]
  ): Promise<string> => {
    await delivery.register('v2');
    await delivery.stage('v2');
    await moveTraffic(...shares);
    const [change] = await until(all => all.length > 0);
    const { body } = await act(change, 'adopt', people.dataScientist).expect(
      answers(200),
    );
    expect((await act(change, 'adopt', people.mlEngineer)).status).toBe(409);
    await delivery.until(body.promotionId, 'awaiting-approval');
    return body.promotionId;
  };

  it('is adopted through gates and approvals, without taking its traffic away', async () => {
    const id = await adopt({ version: 'v2', share: 100 });
    expect(await delivery.get(id)).toMatchObject({
      note: 'Adopts what was found: v2 served already. Rejecting it sets production back to v1',
      approval: {
        subject: {
          rolloutPlan: {
            strategy: 'direct',
            adoptedShare: 100,
            steps: [{ share: 100 }],
          },
        },
      },
    });
    const shares = watchShares();
    await delivery.approve(id);
    await finish(id);
    expect(new Set(shares)).toEqual(new Set([100]));
    const production = (await detail()).environments.find(
      each => each.name === 'production',
    );
    expect(production!.serving).toMatchObject([{ version: 'v2', share: 100 }]);
    const [closed] = await until(all => all[0].state === 'closed');
    expect(closed.closed?.because).toBe('adopted');
    expect((await counted()).events).toEqual([
      'outside-change: v2 serves in production, where v1 should; adopted',
    ]);
  });

  it('is adopted from the share it has, and goes on from there', async () => {
    const id = await adopt(
      { version: 'v1', share: 70 },
      { version: 'v2', share: 30 },
    );
    const { approval } = await delivery.get(id);
    expect(approval.subject!.rolloutPlan.steps.map(each => each.share)).toEqual(
      [30, 50, 100],
    );
    const shares = watchShares();
    await delivery.approve(id);
    await delivery.until(id, promotion => promotion.share === 30);
    expect(new Set(shares)).toEqual(new Set([30]));
  });

  it('is set back when its adoption is rejected, by name of who did', async () => {
    const id = await adopt({ version: 'v2', share: 100 });
    await delivery.decide(id, people.riskManager, 'model-risk-manager', {
      decision: 'reject',
      reason: 'Nobody has looked at its fairness',
    });
    const [closed] = await until(all => all[0].state === 'closed');
    expect(closed).toMatchObject({
      closed: { because: 'reverted' },
      revert: {
        by: people.riskManager,
        reason: 'Nobody has looked at its fairness',
      },
    });
    expect(engine.deployer.sharesOf(PRODUCTION)).toEqual([
      { version: 'v1', share: 100 },
    ]);
  });

  it('is a rollout like any other once it was set back, and is approved anew', async () => {
    const id = await adopt({ version: 'v2', share: 100 });
    const before = await delivery.get(id);
    await delivery.decide(id, people.riskManager, 'model-risk-manager');
    await moveTraffic({ version: 'v1', share: 100 });
    await until(all => all[0].state === 'closed');
    const after = await delivery.until(
      id,
      promotion =>
        promotion.state === 'awaiting-approval' &&
        promotion.approval.subject?.digest !== before.approval.subject?.digest,
    );
    expect(after.approval.subject!.rolloutPlan).toMatchObject({
      strategy: 'canary',
    });
    expect(after.approval.subject!.rolloutPlan).not.toHaveProperty(
      'adoptedShare',
    );
    expect(after.approval.slots.map(slot => slot.filled)).toEqual([0, 0]);
  });

  it('is seen in the registry too, when its alias is moved', async () => {
    const waits = async () => {
      for (let i = 0; i < 3; i += 1) {
        engine.clock.advance({ seconds: 1 });
        await new Promise(resolve => setTimeout(resolve, 600));
      }
    };
    await waits();
    expect(await list()).toEqual([]);
    registry.champion = '2';
    const [change] = await until(all => all.length > 0);
    expect(change).toMatchObject({
      kind: 'alias',
      alias: 'champion',
      statement: 'The alias champion of the registry names 2 instead of 1',
    });
    await act(change, 'revert', people.onCall).expect(answers(200));
    expect(registry.champion).toBe('1');
    const [closed] = await until(all => all[0].state === 'closed');
    expect(closed.closed?.because).toBe('reverted');
  });
});
