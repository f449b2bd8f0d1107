import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  deployerOperationsServiceRef,
  deployersExtensionPoint,
} from '@slipway/backstage-plugin-model-delivery-node';
import { readWebhookConnections } from './config';
import { createResultsRouter, RESULTS_PATH } from './createResultsRouter';
import { createWebhookDeployer } from './createWebhookDeployer';

/**
 * Adds a deployer for each service of `modelDelivery.webhook`, and takes their results. Adds nothing unless that is set.
 * @public
 */
export const modelDeliveryModuleWebhook = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'webhook',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        httpRouter: coreServices.httpRouter,
        deployers: deployersExtensionPoint,
        operations: deployerOperationsServiceRef,
      },
      async init({ config, httpRouter, deployers, operations }) {
        const connections = readWebhookConnections(config);
        if (connections.length === 0) {
          return;
        }
        for (const connection of connections) {
          deployers.addDeployer(
            createWebhookDeployer({ connection, operations }),
          );
        }
        httpRouter.use(createResultsRouter({ connections, operations }));
        // Their signature says who they are
        httpRouter.addAuthPolicy({
          path: RESULTS_PATH,
          allow: 'unauthenticated',
        });
      },
    });
  },
});
