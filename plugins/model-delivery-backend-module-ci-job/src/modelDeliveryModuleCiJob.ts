import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  deployerOperationsServiceRef,
  deployersExtensionPoint,
} from '@slipway/backstage-plugin-model-delivery-node';
import { readCiJobConnections } from './config';
import { createCiJobDeployer } from './createCiJobDeployer';

/**
 * Adds a deployer for each job of `modelDelivery.ciJob`. Adds nothing unless that is set.
 * @public
 */
export const modelDeliveryModuleCiJob = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'ci-job',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        deployers: deployersExtensionPoint,
        operations: deployerOperationsServiceRef,
      },
      async init({ config, deployers, operations }) {
        for (const connection of readCiJobConnections(config)) {
          deployers.addDeployer(
            createCiJobDeployer({ connection, operations }),
          );
        }
      },
    });
  },
});
