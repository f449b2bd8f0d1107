import { RegistryNotice } from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { FakeRegistry, registryVersion } from '../__testUtils__/FakeRegistry';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { people } from '../__testUtils__/people';
import { startRegistryEngine } from '../__testUtils__/startRegistryEngine';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

const MODEL = 'Credit Default';
let count = 0;

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)("registries' webhooks on %s", databaseId => {
  let engine: TestEngine;
  // Said first, so that it ends before its database
  afterAll(() => engine.stop());
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let registry: FakeRegistry;

  const connection = () => knex('registry_connections').first();
  const isQuiet = async () => {
    const due = await knex('registry_deliveries').whereNotNull('due_at');
    const { lease_owner: owner, due_at: next } = await connection();
    return (
      due.length === 0 &&
      owner === null &&
      new Date(next).getTime() > engine.clock.now().getTime()
    );
  };

  beforeAll(async () => {
    registry = new FakeRegistry();
    registry.pages.push([
      registryVersion('1', { aliases: ['champion'] }),
      registryVersion('2', { aliases: [], tags: { note: '"aliases":["x"]' } }),
    ]);
    knex = await databases.init(databaseId);
    // By a clock that stands still, nothing but deliveries has it read again
    engine = await startRegistryEngine(knex, registry);
  });
  beforeEach(async () => {
    await until(isQuiet);
    registry.asked.length = 0;
    registry.cursors.length = 0;
    registry.models.clear();
  });

  const notice = (changes: Partial<RegistryNotice> = {}): RegistryNotice => ({
    id: `delivery-${++count}`,
    event: 'model_version.created',
    changed: { model: MODEL, versions: ['3'] },
    ...changes,
  });
  const deliver = (
    body: object | string,
    { path = 'mlflow/main', signature = 'good' } = {},
  ) =>
    engine.anonymous
      .post(`/api/model-delivery/registry-hooks/${path}`)
      .set('content-type', 'application/json')
      .set('x-signature', signature)
      .send(body);
  const stored = async (version: string) => {
    const row = await knex('registry_versions').where({ version }).first();
    return row && JSON.parse(row.content);
  };

  it('have the model read at once: what they name, and what an alias named', async () => {
    registry.models.set(MODEL, [
      registryVersion('1', { aliases: [] }),
      registryVersion('3', { aliases: ['champion'] }),
    ]);
    await deliver(notice()).expect(202, { event: 'model_version.created' });
    await until(async () => (await stored('3')) !== undefined);
    expect(registry.asked).toEqual([{ model: MODEL, versions: ['3', '1'] }]);
    expect(await stored('1')).toMatchObject({ aliases: [] });
    expect(await stored('3')).toMatchObject({ aliases: ['champion'] });
    // The rest of the registry was left alone
    expect(registry.cursors).toEqual([]);
  });

  it('count once, however often they come', async () => {
    const one = notice();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => deliver(one)),
    );
    expect(answers.map(each => each.status).sort()).toEqual([
      202, 409, 409, 409, 409,
    ]);
    const { body } = await deliver(one).expect(409);
    expect(body.error.message).toBe(`The delivery ${one.id} came before`);
  });

  it('are refused without a signature, for other connections and when they are too large', async () => {
    const before = await knex('registry_deliveries').count();
    await deliver(notice(), { signature: 'bad' }).expect(401);
    await deliver(notice(), { path: 'mlflow/other' }).expect(401);
    await deliver(notice(), { path: 'sagemaker/main' }).expect(401);
    await deliver({ text: 'x'.repeat(1_100_000) }).expect(413);
    expect(await knex('registry_deliveries').count()).toEqual(before);
    expect(registry.asked).toEqual([]);
  });

  it('that come while a model is being read are not forgotten', async () => {
    registry.whileReading = async () => {
      registry.whileReading = undefined;
      // As another replica would take it: this one holds the registry
      await deliver(
        notice({ changed: { model: MODEL, versions: ['7'] } }),
      ).expect(202);
      registry.models.set(MODEL, [registryVersion('7', { aliases: [] })]);
    };
    await deliver(notice()).expect(202);
    // The first reading finds 7 as well
    await until(async () => registry.asked.length > 1);
    await until(async () => (await stored('7')) !== undefined);
    expect(registry.asked.map(each => each.versions[0])).toEqual(['3', '7']);
  });

  it('are tried again when the registry fails, and at last left to the regular reading', async () => {
    registry.modelFailures = 1;
    registry.models.set(MODEL, [registryVersion('8', { aliases: [] })]);
    const first = notice({ changed: { model: MODEL, versions: ['8'] } });
    await deliver(first).expect(202);
    const row = (id: string) =>
      knex('registry_deliveries').where({ delivery_id: id }).first();
    await until(async () => (await row(first.id)).attempts === 1);
    expect((await row(first.id)).error).toBe('Error: reset');
    engine.clock.advance({ seconds: 6 });
    await until(async () => (await stored('8')) !== undefined);

    registry.modelFailures = 100;
    const second = notice();
    await deliver(second).expect(202);
    await until(async () => {
      engine.clock.advance({ minutes: 5 });
      return (await row(second.id)).due_at === null;
    });
    registry.modelFailures = 0;
    expect(await row(second.id)).toMatchObject({ attempts: 6 });
    expect(await connection()).toMatchObject({ error: null });
    const { body } = await engine
      .as(people.platformEngineer)
      .get('/registries')
      .expect(200);
    expect(body.items[0].webhooks).toEqual({
      accepted: true,
      lastAt: expect.any(String),
      lastEvent: 'model_version.created',
      waiting: 0,
      error: 'Error: reset',
    });
  });

  it('have a registry read whole that cannot be read by the model, and nothing read that is no model', async () => {
    const { readModel } = registry;
    registry.readModel = undefined;
    registry.pages.push([registryVersion('9')]);
    await deliver(notice()).expect(202);
    await until(async () => (await stored('9')) !== undefined);
    registry.readModel = readModel;

    registry.cursors.length = 0;
    await deliver(notice({ changed: 'registry' })).expect(202);
    await until(async () => registry.cursors.length === 1);
    await until(isQuiet);

    await deliver(
      notice({ event: 'prompt.created', changed: 'nothing' }),
    ).expect(202, { event: 'prompt.created' });
    expect(registry.asked).toEqual([]);
    expect(registry.cursors).toHaveLength(1);
    expect(await knex('registry_deliveries').whereNotNull('due_at')).toEqual(
      [],
    );
  });
});
