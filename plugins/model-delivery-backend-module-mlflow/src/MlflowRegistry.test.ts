import { ConfigReader } from '@backstage/config';
import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { once } from 'node:events';
import { AddressInfo, createServer } from 'node:net';
import { readMlflowConnections } from './config';
import { MlflowRegistry } from './MlflowRegistry';
import { FakeMlflow } from './__testUtils__/FakeMlflow';

const T0 = Date.parse('2026-11-01T00:00:00Z');
const MINUTE = 60_000;

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'bypass' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

function setUp(settings: Record<string, string> = {}) {
  const mlflow = new FakeMlflow();
  server.use(...mlflow.handlers);
  const clock = { now: T0 };
  const connect = () => {
    const [connection] = readMlflowConnections(
      new ConfigReader({
        modelDelivery: {
          mlflow: { main: { baseUrl: `${mlflow.baseUrl}/`, ...settings } },
        },
      }),
    );
    return new MlflowRegistry(connection, () => clock.now);
  };
  return { mlflow, clock, connect, registry: connect() };
}

const nameOf = ({ model, version }: RegistryVersion) => `${model}/${version}`;

async function readAll(registry: MlflowRegistry, cursor?: string) {
  const versions: RegistryVersion[] = [];
  let last = cursor;
  for await (const page of registry.readChanges({ cursor })) {
    versions.push(...page.versions);
    last = page.cursor;
  }
  return { versions, cursor: last, names: versions.map(nameOf) };
}

async function errorOf(work: Promise<unknown>) {
  return work.then(
    () => undefined,
    error => error,
  );
}

describe('MlflowRegistry', () => {
  it('reads a version with its run, data sets, tags and aliases', async () => {
    const { mlflow, registry } = setUp();
    mlflow.add('credit default', '1', T0, {
      run_id: 'r1',
      tags: [{ key: 'risk', value: 'high' }],
    });
    mlflow.aliases.set('credit default', { champion: '1', live: '1' });
    mlflow.runs.set('r1', {
      info: { run_id: 'r1', user_id: 'sam' },
      data: {
        params: [{ key: 'C', value: '0.1' }],
        metrics: [
          { key: 'f1', value: 0.9 },
          { key: 'broken', value: 'NaN' },
        ],
        tags: [
          { key: 'risk', value: 'low' },
          { key: 'mlflow.user', value: 'sam.iyer' },
        ],
      },
      inputs: {
        dataset_inputs: [
          {
            tags: [{ key: 'mlflow.data.context', value: 'training' }],
            dataset: { name: 'loans', digest: 'abc' },
          },
        ],
      },
    });

    const { versions } = await readAll(registry);

    expect(versions[0]).toEqual({
      model: 'credit default',
      version: '1',
      uri: 'models:/credit default/1',
      url: 'http://mlflow.test/base/#/models/credit%20default/versions/1',
      runId: 'r1',
      aliases: ['champion', 'live'],
      tags: { risk: 'high', 'mlflow.user': 'sam.iyer' },
      parameters: { C: '0.1' },
      metrics: { f1: 0.9 },
      datasets: [{ name: 'loans', digest: 'abc', context: 'training' }],
      user: 'sam.iyer',
      createdAt: new Date(T0),
      updatedAt: new Date(T0),
    });
  });

  it('imports everything page by page, and goes on after an interruption', async () => {
    const { mlflow, registry, connect } = setUp();
    for (let i = 1; i <= 250; i++) {
      mlflow.add('m', String(i), T0 + i * 10 * MINUTE);
    }
    const first = await registry.readChanges({}).next();
    expect(first.value.versions.map(nameOf)).toEqual(
      Array.from({ length: 100 }, (_, i) => `m/${i + 1}`),
    );
    // Another process goes on; meanwhile an early version changes
    mlflow.touch('m', '5', T0 + 9_999 * MINUTE);
    const rest = await readAll(connect(), first.value.cursor);
    expect(new Set(rest.names)).toEqual(
      new Set([
        'm/5',
        ...Array.from({ length: 150 }, (_, i) => `m/${101 + i}`),
      ]),
    );
  });

  it('asks for aliases by pages of models while it imports, not for each model', async () => {
    const { mlflow, registry } = setUp();
    for (let i = 1; i <= 150; i++) {
      mlflow.add(`m${i}`, '1', T0 + i * 10 * MINUTE);
      mlflow.aliases.set(`m${i}`, { champion: '1' });
    }
    const { versions } = await readAll(registry);
    expect(versions.every(each => each.aliases.includes('champion'))).toBe(
      true,
    );
    // The newest one is read once more, in case that others share its time
    expect(
      mlflow.requests.filter(path => path === 'registered-models/get'),
    ).toHaveLength(1);
    expect(mlflow.requests).not.toContain('model-versions/get');
  });

  it('reads only what changed after that', async () => {
    const { mlflow, registry } = setUp();
    for (let i = 1; i <= 500; i++) {
      mlflow.add('m', String(i), T0 + i * 10 * MINUTE);
    }
    const { cursor } = await readAll(registry);
    mlflow.add('m', '501', T0 + 6_000 * MINUTE);
    mlflow.touch('m', '3', T0 + 6_001 * MINUTE);
    mlflow.requests = [];

    const read = await readAll(registry, cursor);

    expect(read.names.sort()).toEqual(['m/3', 'm/501']);
    expect(
      mlflow.requests.filter(path => path === 'model-versions/search'),
    ).toHaveLength(1);
    await expect(readAll(registry, read.cursor)).resolves.toMatchObject({
      versions: [],
    });
  });

  it('loses nothing when changes share a time, or appear late', async () => {
    const { mlflow, registry, connect } = setUp();
    mlflow.add('m', '1', T0);
    const { cursor } = await readAll(registry);
    mlflow.add('m', '2', T0);
    mlflow.add('m', '3', T0 - 30_000);
    expect((await readAll(registry, cursor)).names.sort()).toEqual([
      'm/2',
      'm/3',
    ]);
    // Without memory, such as after a restart, the overlap is read once more
    expect((await readAll(connect(), cursor)).names.sort()).toEqual([
      'm/1',
      'm/2',
      'm/3',
    ]);
  });

  it('hands a page over again when its reader failed to keep it', async () => {
    const { mlflow, registry } = setUp();
    mlflow.add('m', '1', T0);
    const { cursor } = await readAll(registry);
    mlflow.add('m', '2', T0 + 5 * MINUTE);
    const failing = async () => {
      for await (const { versions } of registry.readChanges({ cursor })) {
        throw new Error(`cannot keep ${versions.length}`);
      }
    };
    await expect(failing()).rejects.toThrow('cannot keep 1');
    expect((await readAll(registry, cursor)).names).toContain('m/2');
  });

  it('sees an alias that moved, though MLflow counts no change', async () => {
    const { mlflow, registry, clock } = setUp();
    mlflow.add('m', '1', T0);
    mlflow.add('m', '2', T0 + 10 * MINUTE);
    mlflow.add('m', '3', T0 + 20 * MINUTE);
    mlflow.aliases.set('m', { champion: '1' });
    let { cursor } = await readAll(registry);
    mlflow.aliases.set('m', { champion: '2' });
    ({ cursor } = await readAll(registry, cursor));
    clock.now += 5 * MINUTE;

    const { versions } = await readAll(registry, cursor);

    expect(
      Object.fromEntries(versions.map(v => [nameOf(v), v.aliases])),
    ).toEqual({ 'm/1': [], 'm/2': ['champion'] });
  });

  it('reads everything again at long intervals', async () => {
    const { mlflow, registry, clock } = setUp();
    mlflow.add('m', '1', T0);
    mlflow.add('m', '2', T0 + 10 * MINUTE);
    const { cursor } = await readAll(registry);
    clock.now += 7 * 60 * MINUTE;
    expect((await readAll(registry, cursor)).names).toEqual(
      expect.arrayContaining(['m/1', 'm/2']),
    );
  });

  it('leaves prompts out, and survives a run that was deleted', async () => {
    const { mlflow, registry } = setUp();
    mlflow.add('greeting', '1', T0, {
      tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }],
    });
    mlflow.add('m', '1', T0, { run_id: 'gone' });
    const { versions } = await readAll(registry);
    expect(versions[0]).toMatchObject({ model: 'm', parameters: {} });
    expect(versions.map(nameOf)).not.toContain('greeting/1');
  });

  it('starts over from a cursor that it does not understand', async () => {
    const { mlflow, registry } = setUp();
    mlflow.add('m', '1', T0);
    expect((await readAll(registry, 'nonsense')).names).toContain('m/1');
  });

  describe('trouble', () => {
    it.each([
      [
        'refused',
        () => new HttpResponse('no', { status: 401 }),
        /'main' \(http:\/\/mlflow\.test\/base\) refused the credentials \(401\)/,
      ],
      [
        'refused',
        () =>
          new HttpResponse(null, {
            status: 302,
            headers: { location: 'http://login.test/' },
          }),
        /redirect \(302\)/,
      ],
      [
        'malformed',
        () => new HttpResponse('<html>', { status: 200 }),
        /something other than JSON/,
      ],
      [
        'malformed',
        () => HttpResponse.json({ model_versions: [{ name: 7 }] }),
        /nonsense at 'model_versions\.0\.name'/,
      ],
      [
        'malformed',
        () => new HttpResponse('no such page', { status: 404 }),
        /does not look like an MLflow server/,
      ],
      [
        'rejected',
        () =>
          HttpResponse.json(
            { error_code: 'INVALID_PARAMETER_VALUE', message: 'bad order' },
            { status: 400 },
          ),
        /bad order/,
      ],
      [
        'unreachable',
        () => new HttpResponse('oops', { status: 503 }),
        /failed \(503\)/,
      ],
      ['unreachable', () => HttpResponse.error(), /cannot be reached/],
    ] as const)('says %s', async (trouble, failure, message) => {
      const { mlflow, registry } = setUp({
        username: 'reader',
        password: 'hunter2-secret',
      });
      mlflow.failures.push(failure);
      const error = await errorOf(readAll(registry));
      expect(error).toMatchObject({ name: 'MlflowError', trouble });
      expect(error.message).toMatch(message);
      expect(error.message).not.toContain('hunter2');
      // What was wrong is over: the next read succeeds
      await expect(readAll(registry)).resolves.toMatchObject({ versions: [] });
    });

    it('says that nothing listens', async () => {
      const listener = createServer().listen(0, '127.0.0.1');
      await once(listener, 'listening');
      const { port } = listener.address() as AddressInfo;
      listener.close();
      await once(listener, 'close');
      const baseUrl = `http://127.0.0.1:${port}`;
      const [connection] = readMlflowConnections(
        new ConfigReader({
          modelDelivery: { mlflow: { eu: { baseUrl } } },
        }),
      );
      const error = await errorOf(readAll(new MlflowRegistry(connection)));
      expect(error.message).toBe(
        `MLflow connection 'eu' (${baseUrl}) cannot be reached: ECONNREFUSED`,
      );
    });

    it('hands nothing over of a page whose runs cannot be read', async () => {
      const { mlflow, registry } = setUp();
      mlflow.add('m', '1', T0, { run_id: 'r' });
      mlflow.runs.set('r', { info: {} });
      const pages: unknown[] = [];
      const reading = (async () => {
        for await (const page of registry.readChanges({})) {
          pages.push(page);
        }
      })();
      await expect(reading).rejects.toThrow(/runs\/get with nonsense/);
      expect(pages).toEqual([]);
    });

    it('stops when it is told to', async () => {
      const { mlflow, registry } = setUp();
      mlflow.add('m', '1', T0);
      const reading = registry
        .readChanges({ signal: AbortSignal.abort(new Error('shutting down')) })
        .next();
      await expect(reading).rejects.toThrow('shutting down');
    });
  });

  it('presents what it was given', async () => {
    const basic = setUp({ username: 'a', password: 'b' });
    await readAll(basic.registry);
    expect([...basic.mlflow.authorizations]).toEqual(['Basic YTpi']);
    server.resetHandlers();
    const bearer = setUp({ token: 't0k' });
    await readAll(bearer.registry);
    expect([...bearer.mlflow.authorizations]).toEqual(['Bearer t0k']);
  });
});

describe('the configuration', () => {
  const read = (main: Record<string, string>) => () =>
    readMlflowConnections(
      new ConfigReader({ modelDelivery: { mlflow: { main } } }),
    );

  it('may be absent', () => {
    expect(readMlflowConnections(new ConfigReader({}))).toEqual([]);
  });

  it.each([
    [{ baseUrl: 'mlflow:5000' }, /modelDelivery\.mlflow\.main\.baseUrl/],
    [{ baseUrl: 'http://u:p@m' }, /must not contain credentials/],
    [{ baseUrl: 'http://m', username: 'u' }, /password is missing/],
    [{ baseUrl: 'http://m', token: 't', username: 'u' }, /not both/],
    [{}, /baseUrl/],
  ] as [Record<string, string>, RegExp][])('refuses %j', (main, message) => {
    expect(read(main)).toThrow(message);
  });

  it('reads of one model what it is asked for and what aliases name, whatever else it has', async () => {
    const { mlflow, registry } = setUp();
    for (let version = 1; version <= 50; version++) {
      mlflow.add('a/b 🚀', String(version), T0 + version);
    }
    mlflow.aliases.set('a/b 🚀', { champion: '7', challenger: '50' });
    mlflow.requests.length = 0;
    const found = await registry.readModel({
      model: 'a/b 🚀',
      versions: ['50', '3', '99'],
    });
    expect(
      Object.fromEntries(found.map(each => [each.version, each.aliases])),
    ).toEqual({ 3: [], 7: ['champion'], 50: ['challenger'] });
    expect(mlflow.requests).toHaveLength(5);
    expect(registry.readDelivery).toBeUndefined();
    expect(
      setUp({ webhookSecret: 's'.repeat(20) }).registry.readDelivery,
    ).toBeDefined();
    expect(() => setUp({ webhookSecret: 'short' })).toThrow(
      'modelDelivery.mlflow.main.webhookSecret is shorter than 20 characters',
    );
  });
});
