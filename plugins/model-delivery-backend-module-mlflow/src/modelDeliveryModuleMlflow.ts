import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { modelRegistriesExtensionPoint } from '@slipway/backstage-plugin-model-delivery-node';
import { readMlflowConnections } from './config';
import { MlflowRegistry } from './MlflowRegistry';

/**
 * Lets model delivery read the model registries of MLflow servers.
 * @public
 */
export const modelDeliveryModuleMlflow = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'mlflow',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        registries: modelRegistriesExtensionPoint,
      },
      async init({ config, logger, registries }) {
        for (const connection of readMlflowConnections(config)) {
          registries.addRegistry(
            new MlflowRegistry(connection, Date.now, message =>
              logger.warn(message),
            ),
          );
        }
      },
    });
  },
});
