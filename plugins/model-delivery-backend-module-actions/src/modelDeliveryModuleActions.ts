import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { registerChangingActions } from './changingActions';
import { createCallerClients } from './callerClients';
import { registerReadingActions } from './readingActions';

/**
 * Registers actions that read models and promotions, judge gates, and request, pause, abort and roll back. Software templates
 * and MCP clients find them by themselves. Approving, waiving and breaking the glass are not among them.
 *
 * Backstage's actions registry is alpha, so this module is installed apart.
 * @public
 */
export const modelDeliveryModuleActions = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'actions',
  register(env) {
    env.registerInit({
      deps: {
        actions: actionsRegistryServiceRef,
        auth: coreServices.auth,
        discovery: coreServices.discovery,
      },
      async init({ actions, auth, discovery }) {
        const clients = createCallerClients({ auth, discovery });
        registerReadingActions(actions, clients);
        registerChangingActions(actions, clients);
      },
    });
  },
});
