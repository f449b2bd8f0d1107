import { FakeApiServer, Controller } from './FakeApiServer';
import { FakeArgo } from './fakeArgo';
import { FakeFlagger } from './fakeFlagger';
import { FakeKServe } from './fakeKServe';

export const TOKEN = 'a-token-that-nobody-may-see';

/** What a kind's fake controller has in common with the others. */
export interface World {
  isLate: boolean;
  controller: Controller;
  shares(
    server: FakeApiServer,
    name: string,
  ): { version: string; share: number }[];
  moves(server: FakeApiServer): number;
}

/** Labels and a container that serves a model, as a team would write them. */
const template = {
  metadata: { labels: { app: 'churn' } },
  spec: {
    containers: [
      {
        name: 'server',
        image: 'registry.example.com/scorer:3',
        env: [
          { name: 'WORKERS', value: '2' },
          { name: 'MODEL_URI', value: '' },
        ],
      },
      { name: 'sidecar', image: 'registry.example.com/logger:1' },
    ],
  },
};

const pods = {
  namespace: 'models',
  name: 'churn',
  model: 'model:default/churn',
  environment: 'production',
  container: 'server',
  storageUri: 's3://models/{model}/{version}',
  env: { MODEL_URI: '{storageUri}' },
};

/** For each kind: its fake, what is in the cluster before, and the target that configures it. */
export const WORLDS = {
  KServe: {
    create: () => new FakeKServe(),
    fill: (_: FakeApiServer) => {},
    target: {
      kind: 'InferenceService',
      namespace: 'models',
      name: 'churn',
      model: 'model:default/churn',
      environment: 'production',
      storageUri: 's3://models/{model}/{version}',
      predictor: { model: { modelFormat: { name: 'mlflow' } }, minReplicas: 1 },
    },
  },
  'Argo Rollouts': {
    create: () => new FakeArgo(),
    fill: (server: FakeApiServer) =>
      server.put('rollouts', 'churn', {
        spec: {
          replicas: 3,
          selector: { matchLabels: { app: 'churn' } },
          template,
          strategy: {
            canary: {
              canaryService: 'churn-canary',
              stableService: 'churn-stable',
              trafficRouting: { nginx: { stableIngress: 'churn' } },
              steps: [],
            },
          },
        },
      }),
    target: { kind: 'Rollout', ...pods },
  },
  Flagger: {
    create: () => new FakeFlagger(),
    fill: (server: FakeApiServer) => {
      server.put('deployments', 'churn', {
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: 'churn' } },
          template,
        },
      });
      server.put('canaries', 'churn', {
        spec: {
          // Until the first version is there
          suspend: true,
          targetRef: {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name: 'churn',
          },
          service: { port: 80 },
          analysis: {
            interval: '1m',
            threshold: 5,
            maxWeight: 50,
            stepWeight: 25,
          },
        },
      });
    },
    target: { kind: 'Canary', ...pods },
  },
};
