import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  Deployer,
  deployersExtensionPoint,
} from '@slipway/backstage-plugin-model-delivery-node';
import module from './index';

async function deployersWith(data: object): Promise<Deployer[]> {
  const deployers: Deployer[] = [];
  const engine = createBackendPlugin({
    pluginId: 'model-delivery',
    register(env) {
      env.registerExtensionPoint(deployersExtensionPoint, {
        addDeployer: deployer => deployers.push(deployer),
      });
      env.registerInit({ deps: {}, async init() {} });
    },
  });
  const backend = await startTestBackend({
    features: [engine, module, mockServices.rootConfig.factory({ data })],
  });
  await backend.stop();
  return deployers;
}

it('adds nothing unless it is configured', async () => {
  expect(await deployersWith({})).toEqual([]);
});

it('adds a deployer for each connection, which serves what its targets say', async () => {
  const [deployer] = await deployersWith({
    modelDelivery: {
      kubernetes: {
        main: {
          access: { url: 'https://cluster.example.com', token: 't' },
          targets: [
            {
              kind: 'InferenceService',
              namespace: 'models',
              environment: 'production',
            },
          ],
        },
      },
    },
  });
  expect(deployer.id).toBe('kubernetes:main');
  const model = 'model:default/churn';
  expect(deployer.serves({ model, environment: 'production' })).toBe(true);
  expect(deployer.serves({ model, environment: 'staging' })).toBe(false);
});
