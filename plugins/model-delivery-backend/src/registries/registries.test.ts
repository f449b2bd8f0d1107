import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import {
  RegistryHealth,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { FakeRegistry, registryVersion } from '../__testUtils__/FakeRegistry';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { people } from '../__testUtils__/people';
import { sampleRegistration } from '../__testUtils__/samples';
import { startRegistryEngine } from '../__testUtils__/startRegistryEngine';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

const VERSIONS = '/models/default/credit-default/versions';
const COMMIT = 'a'.repeat(40);

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('model registries on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let engine: TestEngine;
  let registry: FakeRegistry;

  beforeEach(async () => {
    registry = new FakeRegistry();
    knex = await databases.init(databaseId);
    engine = await startRegistryEngine(knex, registry);
  });
  afterEach(() => engine.stop());

  const status = async (): Promise<RegistryHealth> =>
    (await engine.as(people.platformEngineer).get('/registries').expect(200))
      .body.items[0];
  /** Lets the next reading begin, and waits until it is over. */
  const read = async () => {
    const before = registry.cursors.length;
    engine.clock.advance({ minutes: 20 });
    await until(async () => registry.cursors.length > before);
    const at = engine.clock.now().toISOString();
    await until(async () => (await status()).lastAttemptAt === at);
  };

  it('are read from where the last reading ended, and say when that was', async () => {
    registry.pages.push([registryVersion('1')], [registryVersion('2')]);
    await read();
    await read();
    expect(registry.cursors).toEqual([undefined, undefined, '2']);
    expect(await status()).toEqual({
      id: 'main',
      type: 'mlflow',
      url: 'http://mlflow.example.com',
      models: 1,
      lastSuccessAt: engine.clock.now().toISOString(),
      lastAttemptAt: engine.clock.now().toISOString(),
      stale: false,
      error: null,
      reading: false,
      failures: 0,
      nextAttemptAt: new Date(engine.clock.now().getTime() + 100).toISOString(),
      import: null,
      registeredModels: 1,
      versions: 2,
      toRegister: 0,
      webhooks: {
        accepted: true,
        lastAt: null,
        lastEvent: null,
        waiting: 0,
        error: null,
      },
      aliases: { followed: [], waiting: 0, error: null },
    });
    expect(await knex('registry_versions')).toHaveLength(2);
    // A reading in between would make it fresh again
    registry.failure = 'down';
    engine.clock.advance({ minutes: 20 });
    const { body } = await engine.as().get('/models').expect(200);
    expect(body.summary.registryReadAt).not.toBeNull();
    expect(body.summary.registryStale).toBe(true);
  });

  it('show their versions beside those of the pipelines, by address or name', async () => {
    registry.pages.push([registryVersion('1'), registryVersion('2')]);
    await read();
    await engine
      .as()
      .post(
        VERSIONS,
        sampleRegistration('build-77', {
          registryUri: 'models:/Credit Default/2',
        }),
      )
      .expect(201);
    const { body } = await engine.as().get(`${VERSIONS}/build-77`).expect(200);
    expect(body.registry).toEqual({
      id: 'main',
      uri: 'models:/Credit Default/2',
      url: 'http://mlflow.example.com/2',
      runId: 'run-2',
      aliases: ['champion'],
      tags: {},
      parameters: { depth: '4' },
      metrics: { f1: 0.8 },
      readAt: expect.any(String),
    });
  });

  it('tell how metrics went, once for all who ask at a time, and say why not', async () => {
    registry.pages.push([registryVersion('2')]);
    await read();
    for (const [name, registryUri] of [
      ['build-77', 'models:/Credit Default/2'],
      ['elsewhere', 'models:/Other/2'],
    ]) {
      await engine
        .as()
        .post(VERSIONS, sampleRegistration(name, { registryUri }))
        .expect(201);
    }
    const ask = (version: string, query: string) =>
      engine
        .as(people.dataScientist)
        .get(`${VERSIONS}/${version}/metric-history?${query}`);
    const [first] = await Promise.all(
      [1, 2].map(() => ask('build-77', 'metric=loss&metric=val%2Ff1')),
    );
    expect(first.body).toEqual({
      state: 'read',
      items: ['loss', 'val/f1'].map(metric => ({
        metric,
        sampled: false,
        points: [
          { step: 0, at: '2026-11-20T10:00:00.000Z', value: null },
          { step: 1, at: '2026-11-20T10:01:00.000Z', value: 0.5 },
          { step: 2, at: '2026-11-20T10:02:00.000Z', value: 0.25 },
        ],
      })),
    });
    expect(registry.historiesAsked).toEqual([
      {
        model: 'Credit Default',
        version: '2',
        runId: 'run-2',
        metrics: ['loss', 'val/f1'],
      },
    ]);
    const elsewhere = await ask('elsewhere', 'metric=loss').expect(200);
    expect(elsewhere.body.state).toBe('not-in-registry');
    await ask('build-77', 'metric=loss&points=1001').expect(400);
    await ask('build-77', '').expect(400);
    await ask('none', 'metric=loss').expect(404);

    registry.failure = 'reset';
    const away = await ask('build-77', 'metric=other').expect(503);
    expect(away.body.error.message).toBe(
      'The registry mlflow://main could not be asked: reset',
    );
    registry.failure = undefined;
    registry.readMetricHistory = undefined;
    const plain = await ask('build-77', 'metric=other').expect(200);
    expect(plain.body).toEqual({ state: 'not-kept', items: [] });
  });

  it('are tried again later and later while they are down, and shown as stale', async () => {
    registry.failure = 'connect ECONNREFUSED mlflow.example.com:443';
    await read();
    expect(await status()).toMatchObject({
      lastSuccessAt: expect.any(String),
      stale: true,
      error: 'connect ECONNREFUSED mlflow.example.com:443',
    });
    const { failures, due_at: dueAt } = await knex(
      'registry_connections',
    ).first();
    expect(failures).toBe(1);
    expect(new Date(dueAt).getTime()).toBe(engine.clock.now().getTime() + 200);
    await read();
    expect((await knex('registry_connections').first()).failures).toBe(2);

    registry.failure = undefined;
    registry.pages.push([registryVersion('1')]);
    await read();
    expect(await status()).toMatchObject({ stale: false, error: null });
    expect(await knex('registry_versions')).toHaveLength(1);
  });

  it('lose versions, which stay and are marked until they come back', async () => {
    registry.completes = true;
    registry.pages.push(['1', '2', '3'].map(name => registryVersion(name)));
    for (const name of ['1', '2', '3']) {
      await engine.as().post(VERSIONS, sampleRegistration(name)).expect(201);
    }
    await read();
    const gone = async () => {
      const { body } = await engine.as().get(VERSIONS).expect(200);
      return Object.fromEntries(
        body.items.map((each: Version) => [
          each.version,
          each.registry?.goneAt ?? null,
        ]),
      );
    };
    expect(await gone()).toEqual({ 1: null, 2: null, 3: null });
    // The second was only skipped while pages moved, the third was deleted
    registry.models.set('Credit Default', [registryVersion('2')]);
    registry.pages.push([registryVersion('1')]);
    await read();
    const at = engine.clock.now().toISOString();
    expect(await gone()).toEqual({ 1: null, 2: null, 3: at });
    expect(registry.asked).toEqual([
      { model: 'Credit Default', versions: ['2', '3'] },
    ]);
    registry.pages.push([
      registryVersion('1'),
      registryVersion('2'),
      registryVersion('3'),
    ]);
    await read();
    expect(await gone()).toEqual({ 1: null, 2: null, 3: null });
  });

  it('go on after an interruption where it was, with nothing lost or half read', async () => {
    registry.pages.push(
      [registryVersion('1')],
      [registryVersion('2')],
      [registryVersion('3')],
    );
    registry.failure = 'reset';
    registry.failAfterPages = 2;
    await read();
    expect((await knex('registry_versions')).length).toBe(2);
    registry.failure = undefined;
    await read();
    expect(registry.cursors.slice(-1)).toEqual(['2']);
    expect(await knex('registry_versions')).toHaveLength(3);
  });

  it('say how far the reading of everything is, also after an interruption', async () => {
    const reached = new Date('2026-10-01T00:00:00Z');
    registry.pages.push(
      [registryVersion('1')],
      [registryVersion('2')],
      [registryVersion('3')],
    );
    registry.importedUntil = reached;
    registry.failure = 'reset';
    registry.failAfterPages = 1;
    await read();
    const startedAt = engine.clock.now().toISOString();
    expect(await status()).toMatchObject({
      import: { startedAt, versions: 1, reachedAt: reached.toISOString() },
    });
    await read();
    expect((await status()).import).toMatchObject({ startedAt, versions: 2 });
    registry.failure = undefined;
    await read();
    expect(await status()).toMatchObject({ import: null, versions: 3 });
  });

  it('are read at once when somebody asks who may', async () => {
    registry.failure = 'reset';
    await read();
    const before = registry.cursors.length;
    registry.failure = undefined;
    registry.pages.push([registryVersion('1')]);
    await engine
      .as(people.platformEngineer)
      .post('/registries/mlflow/main/refreshes')
      .expect(202);
    await until(async () => (await status()).error === null);
    expect(registry.cursors).toHaveLength(before + 1);
    await engine
      .as(people.platformEngineer)
      .post('/registries/mlflow/other/refreshes')
      .expect(404);
  });

  it('import nothing of a page that is malformed, and name where', async () => {
    registry.pages.push([
      registryVersion('1'),
      { ...registryVersion('2'), createdAt: new Date('nonsense') },
    ]);
    await read();
    expect(await knex('registry_versions')).toEqual([]);
    expect((await status()).error).toContain('versions.1.createdAt');
    registry.pages[0] = [
      registryVersion('1'),
      {
        ...registryVersion('2'),
        tags: undefined,
      } as unknown as RegistryVersion,
    ];
    await read();
    expect(await knex('registry_versions')).toEqual([]);
    expect((await status()).error).toContain('versions.1.tags');
  });

  it('register versions that no pipeline did, when their tags say enough', async () => {
    const tags = {
      'slipway.artifact.digest': `sha256:${'2'.repeat(64)}`,
      'mlflow.source.git.commit': COMMIT,
      'mlflow.source.git.repoURL': 'https://git.example.com/credit',
    };
    registry.pages.push([registryVersion('2')]);
    await read();
    // Nothing of it is registered here, and why is said
    const { body: model } = await engine
      .as(people.dataScientist)
      .get('/models/default/credit-default')
      .expect(200);
    expect(model).toMatchObject({
      versionCount: 0,
      unregistered: {
        versions: 1,
        newest: '2',
        missing: ['slipway.artifact.digest', 'mlflow.source.git.commit'],
        dueAt: null,
      },
    });
    await engine.as().post(VERSIONS, sampleRegistration('1')).expect(201);
    registry.pages.push([
      registryVersion('1', { tags }),
      registryVersion('2'),
      registryVersion('3', { tags }),
    ]);
    await read();
    const { body } = await engine.as().get(VERSIONS).expect(200);
    expect(
      body.items.map((each: { version: string; registeredBy: string }) => [
        each.version,
        each.registeredBy,
      ]),
    ).toEqual([
      ['3', 'service:registry'],
      ['1', 'service:pipeline'],
    ]);
    expect(body.items[0].parts).toEqual({
      code: {
        commit: COMMIT,
        repository: 'https://git.example.com/credit',
      },
      data: [{ name: 'loans', version: 'd1', digest: 'd1' }],
      artifact: {
        digest: tags['slipway.artifact.digest'],
        uri: 'models:/Credit Default/3',
      },
      configuration: [],
      parameters: { depth: '4' },
      trainedBy: 'dana@example.com',
    });
    expect(
      await knex('versions').where({ name: '3' }).pluck('trained_by'),
    ).toEqual([people.dataScientist]);
  });

  it('register the versions of a model together, in the order in which they were made', async () => {
    const tags = (digit: string) => ({
      'slipway.artifact.digest': `sha256:${digit.repeat(64)}`,
      'mlflow.source.git.commit': COMMIT,
    });
    registry.pages.push(
      // As a registry may tell them
      [
        ['2', '2026-11-20T10:00:00Z'],
        ['10', '2026-11-20T09:00:00Z'],
        ['3', '2026-11-20T11:00:00Z'],
      ].map(([name, at]) =>
        registryVersion(name, { tags: tags(name[0]), createdAt: new Date(at) }),
      ),
    );
    await read();
    const rows = await knex('versions').orderBy('position');
    expect(
      rows.map(({ position, name, change_kinds: kinds }) => [
        Number(position),
        name,
        JSON.parse(kinds),
      ]),
    ).toEqual([
      [1, '10', ['code', 'data']],
      [2, '2', []],
      [3, '3', []],
    ]);
    expect(
      await knex('audit_entries')
        .where({ action: 'version.registered' })
        .orderBy('index')
        .pluck('subject'),
    ).toEqual(['10', '2', '3'].map(name => `version:credit-default/${name}`));
    expect(await knex('lineage_edges')).toHaveLength(3);
    expect((await status()).toRegister).toBe(0);
  });

  it('leave a pipeline time to register its version itself', async () => {
    const at = new Date(engine.clock.now().getTime() + 20 * 60_000);
    registry.pages.push([
      registryVersion('1', {
        createdAt: at,
        tags: {
          'slipway.artifact.digest': `sha256:${'2'.repeat(64)}`,
          'mlflow.source.git.commit': COMMIT,
        },
      }),
    ]);
    await read();
    expect(await knex('versions')).toEqual([]);
    await read();
    expect(await knex('versions').pluck('registered_by')).toEqual([
      'service:registry',
    ]);
  });

  it('are read by one replica at a time', async () => {
    registry.pages.push([registryVersion('1')]);
    await read();
    await knex('registry_connections').update({
      lease_owner: 'another replica',
      lease_until: new Date(engine.clock.now().getTime() + 3_600_000),
    });
    const before = registry.cursors.length;
    engine.clock.advance({ minutes: 20 });
    await new Promise(resolve => setTimeout(resolve, 500));
    expect(registry.cursors).toHaveLength(before);
    // It died: its lease runs out.
    engine.clock.advance({ hours: 1 });
    await until(async () => registry.cursors.length > before);
  });
});
