import { ConfigReader } from '@backstage/config';
import { signMlflowDelivery } from '../../plugins/model-delivery-backend-module-mlflow/src/__testUtils__/signMlflowDelivery';
import { readMlflowConnections } from '../../plugins/model-delivery-backend-module-mlflow/src/config';
import { MlflowRegistry } from '../../plugins/model-delivery-backend-module-mlflow/src/MlflowRegistry';
import { describeRegistryContract } from '../../plugins/model-delivery-node/src/testUtils';
import { FaultyProxy } from './FaultyProxy';
import { describeWithMlflow, MlflowServer, startMlflow } from './mlflowPeer';

const SECRET = 'a secret of more than twenty characters';

describeWithMlflow('a real MLflow server, emptied before each promise', () => {
  let mlflow: MlflowServer;
  beforeAll(async () => {
    mlflow = await startMlflow();
  }, 180_000);
  afterAll(() => mlflow?.stop());

  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${mlflow.url}/api/2.0/mlflow/${path}`, {
      method,
      ...(body && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    if (!answer.ok) {
      throw new Error(`${path}: ${await answer.text()}`);
    }
    return answer.json();
  };

  describeRegistryContract('MLflow', {
    manyVersions: 120,
    secrets: [SECRET],
    timeoutSeconds: 120,
    async start() {
      const models = new Set<string>();
      const proxy = await FaultyProxy.start(mlflow.url);
      const connect = () =>
        new MlflowRegistry(
          readMlflowConnections(
            new ConfigReader({
              modelDelivery: {
                mlflow: {
                  main: {
                    baseUrl: proxy.url,
                    evaluations: true,
                    webhookSecret: SECRET,
                    aliasInterval: '0s',
                  },
                },
              },
            }),
          )[0],
        );
      const trouble = async (what: 'down' | 'nonsense') => {
        proxy.trouble = what;
        return async () => {
          proxy.trouble = undefined;
        };
      };
      const ensureModel = async (name: string) => {
        if (!models.has(name)) {
          models.add(name);
          await call('POST', 'registered-models/create', { name });
        }
      };
      return {
        registry: connect(),
        async addVersions(name, count, { tags = {} } = {}) {
          await ensureModel(name);
          const names: string[] = [];
          for (let index = 0; index < count; index++) {
            const answer = await call('POST', 'model-versions/create', {
              name,
              source: 's3://nowhere/model',
              tags: Object.entries(tags).map(([key, value]) => ({
                key,
                value,
              })),
            });
            names.push(String(answer.model_version.version));
          }
          return names;
        },
        async addTrained(name, metric, values) {
          const { run } = await call('POST', 'runs/create', {
            experiment_id: '0',
          });
          const { run_id } = run.info;
          await call('POST', 'runs/log-batch', {
            run_id,
            metrics: values.map((value, step) => ({
              key: metric,
              value,
              step,
              timestamp: Date.now(),
            })),
          });
          await ensureModel(name);
          const answer = await call('POST', 'model-versions/create', {
            name,
            source: 's3://nowhere/model',
            run_id,
          });
          return String(answer.model_version.version);
        },
        async removeVersion(name, version) {
          await call('DELETE', 'model-versions/delete', { name, version });
        },
        async moveAlias(name, alias, version) {
          await call('POST', 'registered-models/alias', {
            name,
            alias,
            version,
          });
        },
        beDown: () => trouble('down'),
        answerNonsense: () => trouble('nonsense'),
        countRequests: async () => proxy.requests,
        restart: async () => connect(),
        sign: ({ forged, ...delivery }) =>
          signMlflowDelivery(forged ? `${SECRET}!` : SECRET, delivery),
        async end() {
          await proxy.stop();
          for (const name of models) {
            await call('DELETE', 'registered-models/delete', { name });
          }
        },
      };
    },
  });
});
