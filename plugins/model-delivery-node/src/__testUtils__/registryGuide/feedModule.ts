import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { modelRegistriesExtensionPoint } from '@slipway/backstage-plugin-model-delivery-node';
import { FeedRegistry } from './FeedRegistry';

export const feedModule = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'feed',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        registries: modelRegistriesExtensionPoint,
      },
      async init({ config, registries }) {
        const settings = config.getConfig('modelDelivery.feed');
        for (const id of settings.keys()) {
          const { url, token } = settings.get<{ url: string; token: string }>(
            id,
          );
          registries.addRegistry(new FeedRegistry(id, url, token));
        }
      },
    });
  },
});
