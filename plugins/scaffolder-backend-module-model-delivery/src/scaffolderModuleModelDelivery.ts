import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { createPublishLocalAction } from './createPublishLocalAction';
import { LocalRepositories } from './LocalRepositories';

/**
 * Adds the scaffolder's actions for model delivery: `slipway:publish:local`.
 * @public
 */
export const scaffolderModuleModelDelivery = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'model-delivery',
  register(registration) {
    registration.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
      },
      async init({ actions, catalog, config }) {
        actions.addActions(
          createPublishLocalAction({
            repositories: LocalRepositories.fromConfig(config),
            catalog,
          }),
        );
      },
    });
  },
});
