import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { Deployment } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import { answers, TestDelivery } from '../__testUtils__/TestDelivery';

jest.setTimeout(180_000);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('rollbacks in the history, on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let engine: TestEngine;
  let delivery: TestDelivery;

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    engine = await startTestEngine({
      knex,
      entities: [modelEntity('credit-default')],
    });
    delivery = new TestDelivery(engine);
  });
  afterEach(() => engine.stop());

  const rollBack = (body: object) =>
    engine.as(people.onCall).post(`${delivery.path}/rollbacks`, {
      reason: 'Nonsense answers',
      ...body,
    });
  const rollBackStaging = async () => {
    const { body } = await rollBack({ environment: 'staging' }).expect(
      answers(201),
    );
    await delivery.until(body.id, 'succeeded');
    engine.clock.advance({ minutes: 5 });
    return body.version;
  };
  const stage = async (version: string) => {
    await delivery.stage(version);
    engine.clock.advance({ minutes: 5 });
  };
  const environment = async (name: string) => {
    const { body } = await engine
      .as(people.outsider)
      .get(delivery.path)
      .expect(answers(200));
    return body.environments.find(
      (each: { name: string }) => each.name === name,
    );
  };

  it('do not offer what was itself rolled back, however well it served before', async () => {
    for (const version of ['v1', 'v2', 'v3']) {
      await delivery.register(version);
      await stage(version);
    }
    expect((await environment('staging')).rollbackTarget.version).toBe('v2');
    expect((await environment('staging')).rollbackTargets).toMatchObject([
      { version: 'v2', servedUntil: '2026-11-21T09:10:00.000Z' },
      { version: 'v1', servedUntil: '2026-11-21T09:05:00.000Z' },
    ]);
    expect(await rollBackStaging()).toBe('v2');
    expect((await environment('staging')).rollbackTarget.version).toBe('v1');
    expect(await rollBackStaging()).toBe('v1');
    expect((await environment('staging')).rollbackTarget).toBeNull();
    const { body } = await rollBack({ environment: 'staging' }).expect(
      answers(409),
    );
    expect(body.error.message).toContain('There is no earlier version');
    const named = await rollBack({
      environment: 'staging',
      version: 'v2',
    }).expect(answers(409));
    expect(named.body.error.message).toContain('was rolled back there');
  });

  it('take the next environment away from a version, until it served well again', async () => {
    for (const version of ['v1', 'v2', 'v3']) {
      await delivery.register(version);
      await stage(version);
    }
    await rollBackStaging();
    await rollBackStaging();
    const { body } = await delivery
      .request('v2', 'production')
      .expect(answers(409));
    expect(body.error.message).toContain('staging');
    await stage('v2');
    const again = await delivery
      .request('v2', 'production')
      .expect(answers(201));
    await delivery.until(again.body.id, 'awaiting-approval');
  });

  /** Takes a version to staging, and gives the promotion that did. */
  const promote = async (version: string): Promise<string> => {
    await delivery.register(version);
    const { body } = await delivery
      .request(version, 'staging')
      .expect(answers(201));
    await delivery.until(body.id, 'succeeded');
    engine.clock.advance({ minutes: 5 });
    return body.id;
  };
  const mayRollBack = async (id: string) =>
    (await delivery.get(id, people.onCall)).mayRollBack;

  it('are offered and taken from the promotion that serves, and not from one that others followed', async () => {
    const [first, second, third] = [
      await promote('v1'),
      await promote('v2'),
      await promote('v3'),
    ];
    expect(await mayRollBack(first)).toBe(false);
    expect(await mayRollBack(second)).toBe(false);
    expect(await mayRollBack(third)).toBe(true);
    const from = (promotion: string) =>
      rollBack({ environment: 'staging', version: 'v1', promotion });

    const refused = await from(second).expect(answers(409));
    expect(refused.body.error.message).toBe(
      `Promotion ${second} no longer serves in staging: v2 had its traffic until 2026-11-21T09:10:00.000Z, and v3 serves now. Roll back from what serves`,
    );
    const unknown = await from('999').expect(answers(400));
    expect(unknown.body.error.message).toContain(
      "request/body/promotion '999' is none of",
    );
    const { body } = await from(third).expect(answers(201));
    await delivery.until(body.id, 'succeeded');
    expect(body.version).toBe('v1');
    expect(await mayRollBack(third)).toBe(false);
    const again = await from(third).expect(answers(409));
    expect(again.body.error.message).toContain('no longer serves in staging');
  });

  it('of an environment go by what serves, whichever promotion brought it there', async () => {
    await promote('v1');
    await promote('v2');
    await promote('v3');
    const { body } = await rollBack({
      environment: 'staging',
      version: 'v1',
    }).expect(answers(201));
    expect((await delivery.until(body.id, 'succeeded')).version).toBe('v1');
  });

  it('are not taken for the promotion that was asked for under the same key', async () => {
    await promote('v1');
    await promote('v2');
    const key = 'one-request';
    const asked = await engine
      .as(people.onCall)
      .post('/promotions', {
        model: `model:default/${delivery.model}`,
        version: 'v1',
        environment: 'staging',
        idempotencyKey: key,
      })
      .expect(answers(201));
    await delivery.until(asked.body.id, 'succeeded');
    await promote('v3');
    const swallowed = await rollBack({
      environment: 'staging',
      version: 'v1',
      idempotencyKey: key,
    }).expect(answers(409));
    expect(swallowed.body.error.message).toContain(
      `was used for promotion ${asked.body.id}, which is another request`,
    );
    const rollback = await rollBack({
      environment: 'staging',
      version: 'v1',
      idempotencyKey: 'another',
    }).expect(answers(201));
    await delivery.until(rollback.body.id, 'succeeded');
    await engine
      .as(people.onCall)
      .post('/promotions', {
        model: `model:default/${delivery.model}`,
        version: 'v1',
        environment: 'staging',
        idempotencyKey: 'another',
      })
      .expect(answers(409));
  });

  const history = async (): Promise<Deployment[]> => {
    const { body } = await engine
      .as(people.outsider)
      .get(`${delivery.path}/deployments?environment=production`)
      .expect(answers(200));
    return body.items;
  };
  /** Takes v1, then v2 to all traffic of production. */
  const deployTwo = async () => {
    await delivery.register('v1');
    await delivery.deployFirst('v1');
    await delivery.register('v2');
    return delivery.startCanary('v2');
  };
  const passTo = async (id: string, steps: number[]) => {
    for (const index of steps) {
      await delivery.untilStep(id, index);
      engine.clock.advance({ minutes: 31 });
    }
  };

  it('name who approved the version that is back, on which evidence, and apart who rolled back and why', async () => {
    const id = await deployTwo();
    await passTo(id, [0, 1, 2, 3]);
    await delivery.until(id, 'succeeded');
    const { body } = await rollBack({ environment: 'production' }).expect(
      answers(201),
    );
    await delivery.until(body.id, 'succeeded');
    const [back, , first] = await history();
    expect(back).toMatchObject({
      version: 'v1',
      kind: 'rollback',
      promotionId: body.id,
      approvedBy: expect.arrayContaining([
        people.riskManager,
        people.complianceOfficer,
      ]),
      evidencePromotionId: first.promotionId,
      rolledBack: { by: people.onCall, because: 'Nonsense answers' },
    });
    expect(first).toMatchObject({ evidencePromotionId: first.promotionId });
    expect(first.rolledBack).toBeUndefined();
    const { body: now } = await engine
      .as(people.outsider)
      .get(`${delivery.path}/serving`)
      .expect(answers(200));
    expect(now.items).toEqual([back]);
  });

  it('name the engine, or the person, that took a version back at full traffic', async () => {
    const id = await deployTwo();
    await passTo(id, [0, 1, 2]);
    await delivery.untilStep(id, 3);
    engine.deployer.behave('v2', { latency: 400 });
    engine.clock.advance({ minutes: 31 });
    await delivery.until(id, 'rolled-back');
    const back = (await history()).find(each => each.kind === 'rollback');
    expect(back).toMatchObject({
      version: 'v1',
      promotionId: id,
      approvedBy: expect.arrayContaining([
        people.riskManager,
        people.complianceOfficer,
      ]),
      rolledBack: {
        by: 'service:model-delivery',
        because: expect.stringContaining('latency is 401'),
      },
    });
    expect(back?.evidencePromotionId).not.toBe(id);
    engine.clock.advance({ minutes: 5 });
    await delivery.register('v3');
    const next = await delivery.startCanary('v3');
    await passTo(next, [0, 1, 2]);
    await delivery.untilStep(next, 3);
    const { revision } = await delivery.get(next);
    await engine
      .as(people.onCall)
      .post(`/promotions/${next}/transitions`, {
        event: 'abort',
        revision,
        reason: 'Complaints by customers',
      })
      .expect(answers(200));
    await delivery.until(next, 'rolled-back');
    const again = (await history()).find(
      each => each.promotionId === next && each.kind === 'rollback',
    );
    expect(again?.rolledBack).toEqual({
      by: people.onCall,
      because: 'Complaints by customers',
    });
    // What was rolled back before this was written is told the same
    const migration = {
      directory: resolvePackagePath(
        '@slipway/backstage-plugin-model-delivery-backend',
        'migrations',
      ),
      name: '20261122042000_restored.js',
    };
    const told = await history();
    await knex.migrate.down(migration);
    await knex.migrate.up(migration);
    expect(await history()).toEqual(told);
  });
});
