import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { modelRegistriesExtensionPoint } from '@slipway/backstage-plugin-model-delivery-node';
import { feedModule } from './feedModule';

const guide = readFileSync(
  join(__dirname, '../../../../../docs/adding-a-registry.md'),
  'utf8',
);
const shown = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(
  ([, code]) => code,
);

it.each(['FeedRegistry.ts', 'feedModule.ts', 'FeedRegistry.test.ts'])(
  'the guide shows %s as it is run here',
  file => {
    expect(shown).toContain(readFileSync(join(__dirname, file), 'utf8'));
  },
);

it('the module of the guide adds its registries', async () => {
  const added: string[] = [];
  const engine = createBackendPlugin({
    pluginId: 'model-delivery',
    register(env) {
      env.registerExtensionPoint(modelRegistriesExtensionPoint, {
        addRegistry: ({ type, id }) => added.push(`${type}://${id}`),
      });
      env.registerInit({ deps: {}, async init() {} });
    },
  });
  const main = { url: 'http://localhost:1', token: 'secret' };
  const backend = await startTestBackend({
    features: [
      engine,
      feedModule,
      mockServices.rootConfig.factory({
        data: { modelDelivery: { feed: { main } } },
      }),
    ],
  });
  await backend.stop();
  expect(added).toEqual(['feed://main']);
});
