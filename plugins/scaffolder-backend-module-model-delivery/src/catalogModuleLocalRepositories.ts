import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { LocalRepositories } from './LocalRepositories';
import { LocalRepositoriesEntityProvider } from './LocalRepositoriesEntityProvider';

/**
 * Brings the entities of the repositories on the portal's machine into the catalog. Does nothing without
 * `modelDelivery.localRepositories`.
 * @public
 */
export const catalogModuleLocalRepositories = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'slipway-local-repositories',
  register(registration) {
    registration.registerInit({
      deps: {
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({ catalog, config, logger, scheduler }) {
        const repositories = LocalRepositories.fromConfig(config);
        if (!repositories) {
          return;
        }
        catalog.addEntityProvider(
          new LocalRepositoriesEntityProvider({
            repositories,
            logger,
            runner: scheduler.createScheduledTaskRunner({
              // The folder is this machine's own
              scope: 'local',
              frequency: { milliseconds: repositories.pollIntervalMs },
              timeout: { minutes: 2 },
            }),
          }),
        );
      },
    });
  },
});
