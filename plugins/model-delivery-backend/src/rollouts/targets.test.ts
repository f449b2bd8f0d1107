import {
  Deployer,
  MetricsSource,
  SignalKind,
} from '@slipway/backstage-plugin-model-delivery-node';
import { Targets } from './targets';

const deployer = (id: string, environments: string[]) =>
  ({
    id,
    serves: ({ environment }) => environments.includes(environment),
  } as Deployer);
const source = (id: string) =>
  ({ id, watches: async () => true } as unknown as MetricsSource);

const installed = {
  deployers: [
    deployer('first', ['staging', 'production']),
    deployer('second', ['production']),
  ],
  metricsSources: [source('own'), source('prometheus:main')],
};
const staging = { model: 'model:default/churn', environment: 'staging' };
const production = { ...staging, environment: 'production' };

it('takes the first that serves or watches a target', async () => {
  const targets = new Targets(installed);
  expect(targets.deployerOf(production)?.id).toBe('first');
  expect((await targets.sourceOf(production))?.id).toBe('own');
});

it('takes whom the first fitting rule names, and nobody else in its place', async () => {
  const targets = new Targets({
    ...installed,
    rules: [
      { model: 'model:default/other', deployer: 'first' },
      { environment: 'production', metricsSource: 'prometheus:main' },
      { model: 'model:default/churn', deployer: 'second' },
    ],
  });
  const churn = { ...production, model: 'model:default/Churn' };
  expect(targets.deployerOf(churn)?.id).toBe('second');
  expect((await targets.sourceOf(churn))?.id).toBe('prometheus:main');
  expect((await targets.sourceOf(staging))?.id).toBe('own');
  // It is named for this model everywhere, but does not serve staging
  expect(() => targets.requireDeployer(staging)).toThrow(
    'No deployer serves model:default/churn in staging',
  );
});

it('says in which environments nothing gives scores, whatever the model', async () => {
  const gives = (id: string, kinds: SignalKind[], remedy?: string) =>
    ({
      ...source(id),
      gives: async () => ({
        kinds,
        ...(remedy && { remedies: { scores: remedy } }),
      }),
    } as MetricsSource);
  const targets = new Targets({
    deployers: [],
    metricsSources: [
      gives('own', ['errors', 'latencies', 'scores']),
      gives('prometheus:main', ['errors'], 'set queries.scores'),
      source('old'),
      {
        ...source('down'),
        gives: async () => {
          throw new Error('It is down');
        },
      } as MetricsSource,
    ],
    rules: [
      { model: 'model:default/churn', metricsSource: 'old' },
      { environment: 'production', metricsSource: 'prometheus:main' },
      { environment: 'lab', metricsSource: 'own' },
      { environment: 'moon', metricsSource: 'down' },
    ],
  });
  const findScoreless = await targets.findScoreless();
  expect(findScoreless('production')).toBe(
    "nothing gives scores in production, which modelDelivery.targets has watched by 'old' and 'prometheus:main'; set queries.scores, or name another source there",
  );
  // The first may watch any other model there; what cannot be told is not held against a policy
  expect(['staging', 'lab', 'moon'].map(findScoreless)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it('refuses a rule that names somebody who is not installed', () => {
  expect(
    () => new Targets({ ...installed, rules: [{}, { deployer: 'kserve' }] }),
  ).toThrow(
    'modelDelivery.targets[1].deployer is "kserve"; installed are "first", "second"',
  );
  expect(
    () =>
      new Targets({
        deployers: [],
        metricsSources: [],
        rules: [{ metricsSource: 'x' }],
      }),
  ).toThrow(
    'modelDelivery.targets[0].metricsSource is "x"; installed are none',
  );
});
