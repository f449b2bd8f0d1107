import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { deployersExtensionPoint } from '@slipway/backstage-plugin-model-delivery-node';
import { splitterModule } from './splitterModule';

const guide = readFileSync(
  join(__dirname, '../../../../../docs/adding-a-deployer.md'),
  'utf8',
);
const shown = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(
  ([, code]) => code,
);

it.each([
  'createSplitterDeployer.ts',
  'splitterModule.ts',
  'createSplitterDeployer.test.ts',
])('the guide shows %s as it is run here', file => {
  expect(shown).toContain(readFileSync(join(__dirname, file), 'utf8'));
});

it('the module of the guide adds its deployer', async () => {
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
  const splitter = { baseUrl: 'http://localhost:1', token: 'secret' };
  const backend = await startTestBackend({
    features: [
      engine,
      splitterModule,
      mockServices.rootConfig.factory({
        data: { modelDelivery: { splitter } },
      }),
    ],
  });
  await backend.stop();
  expect(ids).toEqual(['splitter']);
});
