import { ConfigReader } from '@backstage/config';
import { describeRegistryContract } from '@slipway/backstage-plugin-model-delivery-node/testUtils';
import { HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { FakeMlflow } from './__testUtils__/FakeMlflow';
import { signMlflowDelivery } from './__testUtils__/signMlflowDelivery';
import { readMlflowConnections } from './config';
import { MlflowRegistry } from './MlflowRegistry';

const SECRET = 's'.repeat(32);
const PASSWORD = 'nobody may see this';
const START = Date.parse('2026-11-01T00:00:00Z');

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());

describeRegistryContract('MLflow', {
  secrets: [SECRET, PASSWORD],
  manyVersions: 220,
  async start() {
    const mlflow = new FakeMlflow();
    server.use(...mlflow.handlers);
    const clock = { now: START };
    const connect = () =>
      new MlflowRegistry(
        readMlflowConnections(
          new ConfigReader({
            modelDelivery: {
              mlflow: {
                main: {
                  baseUrl: mlflow.baseUrl,
                  evaluations: true,
                  username: 'slipway',
                  password: PASSWORD,
                  webhookSecret: SECRET,
                  aliasInterval: '0s',
                },
              },
            },
          }),
        )[0],
        () => clock.now,
      );
    const trouble = async (answer: () => Response) => {
      mlflow.trouble = answer;
      return async () => {
        mlflow.trouble = undefined;
      };
    };
    return {
      registry: connect(),
      async addVersions(model, count, { tags = {} } = {}) {
        const before = mlflow.versions.filter(({ name }) => name === model);
        return Array.from({ length: count }, (_, index) => {
          const version = String(before.length + index + 1);
          clock.now += 1_000;
          mlflow.add(model, version, clock.now, {
            tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
          });
          return version;
        });
      },
      async moveAlias(model, alias, version) {
        mlflow.moveAlias(model, alias, version);
      },
      async addTrained(model, metric, values) {
        const version = '1';
        clock.now += 1_000;
        mlflow.add(model, version, clock.now, { run_id: 'r1' });
        mlflow.runs.set('r1', { info: { run_id: 'r1' } });
        mlflow.histories.set(`r1 ${metric}`, values);
        return version;
      },
      async removeVersion(model, version) {
        mlflow.remove(model, version);
      },
      beDown: () => trouble(() => HttpResponse.error()),
      answerNonsense: () =>
        trouble(() => HttpResponse.json({ model_versions: 7 })),
      countRequests: async () => mlflow.requests.length,
      restart: async () => connect(),
      sign: ({ forged, ...delivery }) =>
        signMlflowDelivery(forged ? `${SECRET}!` : SECRET, delivery),
      async end() {
        server.resetHandlers();
      },
    };
  },
});
