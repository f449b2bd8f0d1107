import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { metricsSourcesExtensionPoint } from '@slipway/backstage-plugin-model-delivery-node';
import module from './index';

async function sourcesWith(data: object): Promise<string[]> {
  const ids: string[] = [];
  const engine = createBackendPlugin({
    pluginId: 'model-delivery',
    register(env) {
      env.registerExtensionPoint(metricsSourcesExtensionPoint, {
        addMetricsSource: ({ id }) => ids.push(id),
      });
      env.registerInit({ deps: {}, async init() {} });
    },
  });
  const backend = await startTestBackend({
    features: [engine, module, mockServices.rootConfig.factory({ data })],
  });
  await backend.stop();
  return ids;
}

it('adds one metrics source for each server, and none unless configured', async () => {
  const connection = {
    baseUrl: 'http://127.0.0.1:9090',
    queries: { requests: 'requests_total{${matchers}}' },
  };
  expect(
    await sourcesWith({
      modelDelivery: { prometheus: { main: connection, eu: connection } },
    }),
  ).toEqual(['prometheus:main', 'prometheus:eu']);
  expect(await sourcesWith({})).toEqual([]);
});
