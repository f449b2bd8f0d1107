import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { deployersExtensionPoint } from '@slipway/backstage-plugin-model-delivery-node';
import module from './index';

async function deployersWith(data: object): Promise<string[]> {
  const ids: string[] = [];
  const engine = createBackendPlugin({
    pluginId: 'model-delivery',
    register(env) {
      env.registerExtensionPoint(deployersExtensionPoint, {
        addDeployer: ({ id }) => ids.push(id),
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

it('adds one deployer for each job, and none unless configured', async () => {
  const gitlab = { project: 'a/b', ref: 'main', triggerToken: 't', token: 't' };
  expect(
    await deployersWith({ modelDelivery: { ciJob: { gpu: { gitlab } } } }),
  ).toEqual(['ci-job:gpu']);
  expect(await deployersWith({})).toEqual([]);
});
