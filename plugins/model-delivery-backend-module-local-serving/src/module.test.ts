import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  Deployer,
  deployersExtensionPoint,
  MetricsSource,
  metricsSourcesExtensionPoint,
} from '@slipway/backstage-plugin-model-delivery-node';
import module from './index';
import { settings, target } from './__testUtils__/harness';

async function startWith(localServing: object) {
  const deployers: Deployer[] = [];
  const sources: MetricsSource[] = [];
  const engine = createBackendPlugin({
    pluginId: 'model-delivery',
    register(env) {
      env.registerExtensionPoint(deployersExtensionPoint, {
        addDeployer: deployer => deployers.push(deployer),
      });
      env.registerExtensionPoint(metricsSourcesExtensionPoint, {
        addMetricsSource: source => sources.push(source),
      });
      env.registerInit({ deps: {}, async init() {} });
    },
  });
  const backend = await startTestBackend({
    features: [
      engine,
      module,
      mockServices.rootConfig.factory({
        data: { modelDelivery: { localServing } },
      }),
    ],
  });
  return { backend, deployers, sources };
}

it('adds a deployer and a metrics source to the engine, and closes with the backend', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-serving-'));
  const { backend, deployers, sources } = await startWith(settings(directory));
  expect(deployers.map(({ id }) => id)).toEqual(['local-serving']);
  expect(sources.map(({ id }) => id)).toEqual(['local-serving']);
  expect(deployers[0].serves(target)).toBe(true);
  expect(await sources[0].watches(target)).toBe(true);
  await backend.stop();

  // The lock and the port are free again
  const again = await startWith(settings(directory));
  await again.backend.stop();
  await rm(directory, { recursive: true });
});

it('adds nothing unless it is enabled', async () => {
  const { backend, deployers, sources } = await startWith({});
  expect([...deployers, ...sources]).toEqual([]);
  await backend.stop();
});
