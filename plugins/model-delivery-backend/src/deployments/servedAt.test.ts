import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { ArrangedEngines } from '../__testUtils__/ArrangedEngines';
import { arrangeServing } from '../__testUtils__/arrangeServing';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { people } from '../__testUtils__/people';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';
import { toIso } from '../database/values';

jest.setTimeout(60_000);

const directory = resolvePackagePath(
  '@slipway/backstage-plugin-model-delivery-backend',
  'migrations',
);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('what served at a moment, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  const engines = new ArrangedEngines(databases, databaseId);
  let knex: Knex;
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    ({ engine, knex, delivery } = await arrangeServing(engines));
  });
  afterEach(() => engine.stop());

  const servedAt = async (at: Date) => {
    const query = new URLSearchParams({ at: at.toISOString() });
    const { body } = await engine
      .as(people.outsider)
      .get(`${delivery.path}/serving?${query}`)
      .expect(answers(200));
    return body.items.map(
      (each: { version: string; share: number }) =>
        `${each.version}=${each.share}`,
    );
  };
  /** A moment in the window that runs now, which then passes. */
  const passWindow = () => {
    engine.clock.advance({ minutes: 10 });
    const within = engine.clock.now();
    engine.clock.advance({ minutes: 21 });
    return within;
  };
  const written = async () =>
    (
      await knex('deployment_shares')
        .join(
          'deployments',
          'deployments.id',
          'deployment_shares.deployment_id',
        )
        .join('versions', 'versions.id', 'deployments.version_id')
        .select(
          'deployments.environment',
          'versions.name',
          'deployment_shares.since',
          'deployment_shares.share',
        )
    )
      .map(
        row =>
          `${row.environment} ${toIso(row.since)} ${row.name}=${row.share}`,
      )
      .sort();

  it('is told with the shares of then, however far the rollout went later', async () => {
    const before = engine.clock.now();
    engine.clock.advance({ minutes: 1 });
    const id = await delivery.startCanary('v2');
    const moments: Date[] = [];
    for (const index of [0, 1, 2, 3]) {
      await delivery.untilStep(id, index);
      moments.push(passWindow());
    }
    await delivery.until(id, 'succeeded');
    expect(await servedAt(before)).toEqual(['v1=100']);
    expect(await servedAt(moments[0])).toEqual(['v1=95', 'v2=5']);
    expect(await servedAt(moments[1])).toEqual(['v1=75', 'v2=25']);
    expect((await servedAt(moments[2])).sort()).toEqual(['v1=50', 'v2=50']);
    expect(await servedAt(moments[3])).toEqual(['v2=100']);
    expect(await servedAt(engine.clock.now())).toEqual(['v2=100']);
  });

  it('is told with the shares of then after a canary was taken back', async () => {
    const id = await delivery.startCanary('v2');
    const moment = passWindow();
    await delivery.untilStep(id, 1);
    const later = engine.clock.now();
    engine.clock.advance({ minutes: 1 });
    await delivery.transition(id, 'abort', people.onCall);
    await delivery.until(id, 'rolled-back');
    engine.clock.advance({ minutes: 1 });
    expect(await servedAt(moment)).toEqual(['v1=95', 'v2=5']);
    expect(await servedAt(later)).toEqual(['v1=75', 'v2=25']);
    expect(await servedAt(engine.clock.now())).toEqual(['v1=100']);
  });

  it('is found for what was rolled out before shares were kept', async () => {
    const failed = await delivery.startCanary('v2');
    passWindow();
    await delivery.untilStep(failed, 1);
    engine.clock.advance({ minutes: 1 });
    await delivery.transition(failed, 'abort', people.onCall);
    await delivery.until(failed, 'rolled-back');
    engine.clock.advance({ minutes: 1 });
    await delivery.register('v3');
    const id = await delivery.startCanary('v3');
    for (const index of [0, 1, 2]) {
      await delivery.untilStep(id, index);
      passWindow();
    }
    await delivery.untilStep(id, 3);
    const kept = await written();
    const migration = {
      directory,
      name: '20261122040000_deployment_shares.js',
    };
    await knex.migrate.down(migration);
    await knex.migrate.up(migration);
    expect(kept).toHaveLength(16);
    expect(await written()).toEqual(kept);
  });
});
