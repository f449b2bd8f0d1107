import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { modelRegistriesExtensionPoint } from '@slipway/backstage-plugin-model-delivery-node';
import { readWandbConnections } from './config';
import { WandbRegistry } from './WandbRegistry';

/**
 * Lets model delivery read registries of Weights & Biases.
 * @public
 */
export const modelDeliveryModuleWandb = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'wandb',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        registries: modelRegistriesExtensionPoint,
      },
      async init({ config, registries }) {
        for (const connection of readWandbConnections(config)) {
          registries.addRegistry(new WandbRegistry(connection));
        }
      },
    });
  },
});
