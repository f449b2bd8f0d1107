import { RegistryEvaluation } from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { FakeRegistry, registryVersion } from '../__testUtils__/FakeRegistry';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { sampleEvaluation, sampleRegistration } from '../__testUtils__/samples';
import { startRegistryEngine } from '../__testUtils__/startRegistryEngine';
import { TestEngine } from '../__testUtils__/startTestEngine';
import { until } from '../__testUtils__/until';
import { toRegistration } from './adoption';

jest.setTimeout(60_000);

const VERSIONS = '/models/default/credit-default/versions';
const LOGGED = { id: 'm-1', state: 'read', url: 'http://m.test/m-1' } as const;

const measured = (
  hour: number,
  metrics: Record<string, number>,
  more: Partial<RegistryEvaluation> = {},
): RegistryEvaluation => ({
  runId: `run-${hour}`,
  dataset: { name: 'held-out', digest: 'd9' },
  onTrainingData: false,
  measuredAt: new Date(Date.UTC(2026, 10, 20, hour)),
  metrics,
  ...more,
});

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('what a registry measured on %s', databaseId => {
  let engine: TestEngine;
  // Said first, so that it ends before its database
  afterAll(() => engine.stop());
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Knex;
  let registry: FakeRegistry;

  beforeAll(async () => {
    registry = new FakeRegistry();
    knex = await databases.init(databaseId);
    engine = await startRegistryEngine(knex, registry);
  });

  const tell = async (name: string, ...evaluations: RegistryEvaluation[]) => {
    registry.pages.push([
      registryVersion(name, { loggedModel: LOGGED, evaluations }),
    ]);
    const pages = registry.pages.length;
    engine.clock.advance({ minutes: 1 });
    await until(
      async () =>
        (await knex('registry_connections').first('cursor'))?.cursor ===
        String(pages),
    );
  };
  const versionOf = async (name: string) =>
    (await engine.as().get(`${VERSIONS}/${name}`).expect(200)).body;
  const evaluationsOf = async (name: string) =>
    (await engine.as().get(`${VERSIONS}/${name}/evaluations`).expect(200)).body
      .items;

  it('is evidence of the version, whichever was first, and once', async () => {
    await tell(
      '1',
      measured(8, { 'val/F1': 0.8, broken: NaN }),
      measured(7, { f1: 0.99 }, { onTrainingData: true, dataset: undefined }),
    );
    const { body: registered } = await engine
      .as()
      .post(VERSIONS, sampleRegistration('1'))
      .expect(201);
    expect(registered).toMatchObject({
      registry: { loggedModel: LOGGED },
      metrics: [{ name: 'val_f1', value: 0.8 }],
      trainingMetrics: [{ name: 'f1', value: 0.99 }],
    });

    await tell(
      '1',
      measured(
        9,
        { f1: 0.7 },
        { dataset: { name: 'march' }, higherIsBetter: { f1: true } },
      ),
      measured(8, { 'val/F1': 0.8 }),
    );
    const told = await evaluationsOf('1');
    expect(told).toHaveLength(3);
    expect(told[0]).toMatchObject({
      fact: 'candidate',
      dataset: { name: 'march' },
      run: 'run-9',
      source: 'mlflow',
      reportedBy: 'service:registry',
      measuredAt: '2026-11-20T09:00:00.000Z',
      metrics: [{ name: 'f1', value: 0.7, higherIsBetter: true }],
    });
    const version = await versionOf('1');
    expect(version.digest).toBe(registered.digest);
    expect(version.metrics).toEqual([
      { name: 'f1', value: 0.7, higherIsBetter: true },
      { name: 'val_f1', value: 0.8 },
    ]);
    expect(
      await knex('audit_entries').where({ action: 'evaluation.reported' }),
    ).toHaveLength(3);
  });

  it('never takes the place of what somebody reported who may', async () => {
    await engine.as().post(VERSIONS, sampleRegistration('2')).expect(201);
    await tell('2', measured(9, { f1: 0.6, auc: 0.9 }));
    expect((await versionOf('2')).metrics).toEqual([
      { name: 'auc', value: 0.9 },
      { name: 'f1', value: 0.6 },
    ]);
    // Measured before, and counts all the same
    await engine
      .as()
      .post(
        `${VERSIONS}/2/evaluations`,
        sampleEvaluation('e1', {
          measuredAt: '2026-11-20T08:00:00.000Z',
          metrics: [{ name: 'f1', value: 0.5 }],
        }),
      )
      .expect(201);
    await tell('2', measured(11, { f1: 0.99, auc: 0.95 }));
    expect((await versionOf('2')).metrics).toEqual([
      { name: 'auc', value: 0.95 },
      { name: 'f1', value: 0.5 },
    ]);
    expect(await evaluationsOf('2')).toHaveLength(3);
  });

  it('says how many traces there are, or why not', async () => {
    const ask = (name: string) => engine.as().get(`${VERSIONS}/${name}/traces`);
    await engine.as().post(VERSIONS, sampleRegistration('3')).expect(201);
    expect((await ask('3').expect(200)).body).toEqual({
      state: 'not-in-registry',
      count: null,
    });
    expect((await ask('1').expect(200)).body).toEqual({
      state: 'not-kept',
      count: null,
    });
    registry.traces = { 'm-1': 12 };
    expect((await ask('2').expect(200)).body).toEqual({
      state: 'read',
      count: 12,
      url: 'http://mlflow.example.com/traces',
    });
    registry.failure = 'it is on fire';
    engine.clock.advance({ minutes: 1 });
    const { body } = await ask('1').expect(503);
    expect(body.error.message).toContain('it is on fire');
  });

  it('waits for a logged model that cannot be read', () => {
    const version = registryVersion('9', {
      tags: {
        'slipway.artifact.digest': `sha256:${'1'.repeat(64)}`,
        'mlflow.source.git.commit': 'a'.repeat(40),
      },
    });
    expect(toRegistration(version)).toBeDefined();
    expect(
      toRegistration({
        ...version,
        loggedModel: { id: 'm-1', state: 'failed' },
      }),
    ).toBeUndefined();
  });
});
