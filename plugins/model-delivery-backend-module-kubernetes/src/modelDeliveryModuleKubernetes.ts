import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  deployerOperationsServiceRef,
  deployersExtensionPoint,
} from '@slipway/backstage-plugin-model-delivery-node';
import { readKubernetesConnections } from './config';
import { connect } from './connect';
import { createKubernetesDeployer } from './createKubernetesDeployer';

/**
 * Adds a deployer for each connection of `modelDelivery.kubernetes`, and nothing unless that is set.
 * @public
 */
export const modelDeliveryModuleKubernetes = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'kubernetes',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        deployers: deployersExtensionPoint,
        operations: deployerOperationsServiceRef,
      },
      async init({ config, deployers, operations }) {
        for (const connection of readKubernetesConnections(config)) {
          const cluster = connect(connection);
          deployers.addDeployer(
            createKubernetesDeployer({ connection, cluster, operations }),
          );
        }
      },
    });
  },
});
