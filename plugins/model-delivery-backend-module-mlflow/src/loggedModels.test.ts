import { ConfigReader } from '@backstage/config';
import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { FakeMlflow } from './__testUtils__/FakeMlflow';
import { readMlflowConnections } from './config';
import { MlflowRegistry } from './MlflowRegistry';

const T0 = Date.parse('2026-11-01T00:00:00Z');
const MINUTE = 60_000;

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

function setUp(settings: { evaluations?: boolean } = { evaluations: true }) {
  const mlflow = new FakeMlflow();
  server.use(...mlflow.handlers);
  const [connection] = readMlflowConnections(
    new ConfigReader({
      modelDelivery: {
        mlflow: { main: { baseUrl: mlflow.baseUrl, ...settings } },
      },
    }),
  );
  const warnings: string[] = [];
  const connect = () =>
    new MlflowRegistry(
      connection,
      () => T0 + MINUTE,
      message => warnings.push(message),
    );
  return { mlflow, connect, registry: connect(), warnings };
}

async function readAll(registry: MlflowRegistry, cursor?: string) {
  // What is told twice counts as told last
  const versions = new Map<string, RegistryVersion>();
  let last = cursor;
  for await (const page of registry.readChanges({ cursor })) {
    page.versions.forEach(each => versions.set(each.version, each));
    last = page.cursor;
  }
  return { versions: [...versions.values()], cursor: last };
}

const pairs = (values: Record<string, string>) =>
  Object.entries(values).map(([key, value]) => ({ key, value }));

const metric = (
  key: string,
  value: number | string,
  more: { run_id?: string; on?: string; at?: number; step?: number } = {},
) => ({
  key,
  value,
  timestamp: T0 + (more.at ?? 0),
  step: more.step ?? 0,
  run_id: more.run_id ?? 'r1',
  ...(more.on && { dataset_name: more.on, dataset_digest: `d-${more.on}` }),
});

/** A version made from a logged model, which the run `r1` made. */
function addLogged(mlflow: FakeMlflow, version = '1') {
  mlflow.add('clf', version, T0, {
    run_id: 'r1',
    source: `models:/m-${version}`,
    tags: pairs({ reviewed: 'yes' }),
  });
  mlflow.runs.set('r1', {
    info: { run_id: 'r1', experiment_id: '1' },
    data: {
      params: pairs({ C: '0.1', depth: '3' }),
      metrics: [{ key: 'loss', value: 0.3 }],
      tags: pairs({ reviewed: 'no', team: 'a' }),
    },
    inputs: {
      dataset_inputs: [
        {
          tags: pairs({ 'mlflow.data.context': 'training' }),
          dataset: { name: 'train', digest: 'd-train' },
        },
        { dataset: { name: 'test', digest: 'd-test' } },
        { dataset: { name: 'postcodes', digest: 'd-postcodes' } },
      ],
    },
    outputs: { model_outputs: [{ model_id: `m-${version}` }] },
  });
  const logged = {
    info: {
      model_id: `m-${version}`,
      experiment_id: '1',
      source_run_id: 'r1',
      tags: pairs({
        team: 'b',
        'mlflow.modelVersions': JSON.stringify([
          { name: 'clf', version: Number(version) },
        ]),
      }),
    },
    data: {
      params: pairs({ depth: '4' }),
      metrics: [
        metric('loss', 0.3),
        metric('f1', 0.99, { on: 'train' }),
        metric('f1', 0.7, { on: 'test', step: 1 }),
        metric('f1', 0.81, { on: 'test', step: 2 }),
      ],
    },
  };
  mlflow.loggedModels.set(`m-${version}`, logged);
  return logged;
}

describe('logged models', () => {
  it('give versions their parameters, tags and evaluations by data set', async () => {
    const { mlflow, registry } = setUp();
    const logged = addLogged(mlflow);
    // What MLflow makes of numbers that are none, which the run still knows
    logged.data.metrics.push(
      metric('auc', 0, { run_id: 'r2', on: 'march', at: 1 }),
      metric('recall', 0, { run_id: 'r2', on: 'march', at: 2 }),
      metric('lift', 1.7976931348623157e308, { run_id: 'r2', on: 'march' }),
      metric('ms', 12, { run_id: 'r3', at: 3 }),
      // As its own evaluation counts what a classifier of two labels answered
      ...Object.entries({
        true_negatives: 44,
        false_positives: 0,
        false_negatives: 14,
        true_positives: 37,
      }).map(([name, value]) =>
        metric(name, value, { run_id: 'r4', on: 'april', at: 4 }),
      ),
    );
    mlflow.runs.set('r2', {
      info: { run_id: 'r2' },
      data: {
        metrics: [
          { key: 'auc', value: 'NaN' },
          { key: 'recall', value: 0 },
        ],
      },
    });

    mlflow.runs.set('r4', {
      info: { run_id: 'r4' },
      data: { metrics: [{ key: 'false_positives', value: 0 }] },
    });

    const { versions } = await readAll(registry);

    expect(versions).toHaveLength(1);
    expect(versions[0]).toMatchObject({
      runId: 'r1',
      tags: { reviewed: 'yes', team: 'b' },
      parameters: { C: '0.1', depth: '4' },
      metrics: { loss: 0.3 },
      loggedModel: {
        id: 'm-1',
        state: 'read',
        url: 'http://mlflow.test/base/#/experiments/1/models/m-1',
      },
    });
    expect(versions[0].tags).not.toHaveProperty('mlflow.modelVersions');
    expect(versions[0].datasets.map(({ name }) => name)).toEqual([
      'train',
      'postcodes',
    ]);
    const [confused, ...others] = versions[0].evaluations!;
    expect(confused).toMatchObject({
      runId: 'r4',
      metrics: { false_positives: 0, true_positives: 37 },
      confusionMatrix: {
        labels: ['negative', 'positive'],
        counts: [
          [44, 0],
          [14, 37],
        ],
      },
      higherIsBetter: {
        true_negatives: true,
        false_positives: false,
        false_negatives: false,
        true_positives: true,
      },
    });
    expect(others).toEqual([
      {
        runId: 'r3',
        onTrainingData: false,
        measuredAt: new Date(T0 + 3),
        metrics: { ms: 12 },
      },
      {
        runId: 'r2',
        dataset: { name: 'march', digest: 'd-march' },
        onTrainingData: false,
        measuredAt: new Date(T0 + 2),
        metrics: { recall: 0 },
      },
      {
        runId: 'r1',
        dataset: { name: 'train', digest: 'd-train' },
        onTrainingData: true,
        measuredAt: new Date(T0),
        metrics: { f1: 0.99 },
      },
      {
        runId: 'r1',
        dataset: { name: 'test', digest: 'd-test' },
        onTrainingData: false,
        measuredAt: new Date(T0),
        metrics: { f1: 0.81 },
      },
    ]);
  });

  it('are measured again later, by runs anywhere, and told of once', async () => {
    const { mlflow, registry, connect } = setUp();
    const logged = addLogged(mlflow);
    mlflow.ended.set('r1', T0);
    const first = await readAll(registry);
    const idle = await readAll(registry, first.cursor);
    mlflow.requests = [];
    expect((await readAll(registry, idle.cursor)).versions).toEqual([]);
    expect(mlflow.requests).toEqual([
      'model-versions/search',
      'experiments/search',
      'runs/search',
    ]);

    logged.data.metrics.push(
      metric('f1', 0.77, { run_id: 'r2', on: 'march', at: 5 }),
    );
    mlflow.runs.set('r2', {
      info: { run_id: 'r2', experiment_id: '2' },
      inputs: { model_inputs: [{ model_id: 'm-1' }] },
    });
    // By a clock that is an hour ahead
    mlflow.ended.set('r2', T0 + 60 * MINUTE);
    const later = await readAll(registry, idle.cursor);
    expect(later.versions).toHaveLength(1);
    expect(later.versions[0].evaluations?.[0]).toMatchObject({
      runId: 'r2',
      dataset: { name: 'march' },
      metrics: { f1: 0.77 },
    });
    expect((await readAll(registry, later.cursor)).versions).toEqual([]);

    mlflow.ended.set('r3', T0 + MINUTE);
    mlflow.runs.set('r3', {
      info: { run_id: 'r3' },
      inputs: { model_inputs: [{ model_id: 'm-1' }, { model_id: 'm-gone' }] },
    });
    const other = await readAll(connect(), later.cursor);
    expect(other.versions.map(({ version }) => version)).toContain('1');
  });

  it('have no evaluations unless those who measure are to be believed', async () => {
    const { mlflow, registry } = setUp({});
    addLogged(mlflow);
    mlflow.ended.set('r1', T0);
    const first = await readAll(registry);
    expect(first.versions[0]).not.toHaveProperty('evaluations');
    expect(first.versions[0].parameters).toEqual({ C: '0.1', depth: '4' });
    await readAll(registry, first.cursor);
    expect(mlflow.requests).not.toContain('runs/search');
  });

  it('are read also where nobody may look for later evaluations', async () => {
    const { mlflow, registry, warnings } = setUp();
    addLogged(mlflow);
    mlflow.refused.set(
      'runs/search',
      () => new HttpResponse(null, { status: 403 }),
    );
    const first = await readAll(registry);
    expect(first.versions[0].evaluations).toHaveLength(2);
    await readAll(registry, first.cursor);
    expect(warnings).toEqual([expect.stringMatching(/not looked for.*403/)]);
    // As soon as one may
    mlflow.refused.clear();
    const allowed = await readAll(registry, first.cursor);
    mlflow.ended.set('r1', T0 + 1);
    const later = await readAll(registry, allowed.cursor);
    expect(later.versions).toHaveLength(1);
  });

  it('that are gone or cannot be read are said, and hold nobody', async () => {
    const { mlflow, registry } = setUp();
    for (const version of ['1', '2', '3']) {
      addLogged(mlflow, version);
    }
    mlflow.loggedModels.delete('m-2');
    mlflow.loggedModels.set('m-3', () =>
      HttpResponse.json(
        { error_code: 'INTERNAL_ERROR', message: 'a broken row' },
        { status: 500 },
      ),
    );
    const { versions } = await readAll(registry);
    expect(versions.map(({ loggedModel }) => loggedModel?.state)).toEqual([
      'read',
      'missing',
      'failed',
    ]);
    expect(versions[2]).toMatchObject({
      parameters: { C: '0.1', depth: '3' },
      loggedModel: { problem: expect.stringContaining('a broken row') },
    });
    expect(versions[2]).not.toHaveProperty('evaluations');

    mlflow.loggedModels.set('m-3', () => HttpResponse.error());
    await expect(
      registry.readModel({ model: 'clf', versions: ['3'] }),
    ).rejects.toThrow("'main'");
  });

  it('have their traces counted, where the server can', async () => {
    const { mlflow, registry } = setUp();
    addLogged(mlflow);
    expect(await registry.readTraces({ loggedModel: 'm-1' })).toBeUndefined();
    mlflow.traces = { 'm-1': 3 };
    expect(await registry.readTraces({ loggedModel: 'm-1' })).toEqual({
      count: 3,
      url: 'http://mlflow.test/base/#/experiments/1/models/m-1/traces',
    });
    expect(await registry.readTraces({ loggedModel: 'm-2' })).toEqual({
      count: 0,
    });
    expect(await registry.readTraces({})).toEqual({ count: 0 });
  });
});
