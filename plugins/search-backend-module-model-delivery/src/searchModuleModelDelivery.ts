import {
  coreServices,
  createBackendModule,
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import { searchIndexRegistryExtensionPoint } from '@backstage/plugin-search-backend-node/alpha';
import {
  createModelDeliveryClient,
  fetchWithToken,
} from '@slipway/backstage-plugin-model-delivery-common';
import { DocumentsCollatorFactory } from './DocumentsCollatorFactory';
import { onlyWhenChanged } from './onlyWhenChanged';

const SCHEDULE = 'search.collators.modelDelivery.schedule';

/** As the catalog's own collator; a round that finds nothing changed is one small request. */
const DEFAULT_SCHEDULE: SchedulerServiceTaskScheduleDefinition = {
  frequency: { minutes: 10 },
  timeout: { minutes: 15 },
  initialDelay: { seconds: 10 },
};

/**
 * Indexes the versions of all models, as results of the type `model-version`, and their cards, of the type `model-card`. Who
 * may not read a model does not find them.
 * @public
 */
export const searchModuleModelDelivery = createBackendModule({
  pluginId: 'search',
  moduleId: 'model-delivery-collator',
  register(registration) {
    registration.registerInit({
      deps: {
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        scheduler: coreServices.scheduler,
        index: searchIndexRegistryExtensionPoint,
      },
      async init({ auth, config, discovery, scheduler, index }) {
        const client = createModelDeliveryClient({
          baseUrl: () => discovery.getBaseUrl('model-delivery'),
          fetch: fetchWithToken(async () => {
            const { token } = await auth.getPluginRequestToken({
              onBehalfOf: await auth.getOwnServiceCredentials(),
              targetPluginId: 'model-delivery',
            });
            return token;
          }),
        });
        const schedule = config.getOptionalConfig(SCHEDULE);
        for (const about of ['versions', 'cards'] as const) {
          const factory = new DocumentsCollatorFactory(about, client);
          index.addCollator({
            schedule: onlyWhenChanged(
              scheduler.createScheduledTaskRunner(
                schedule
                  ? readSchedulerServiceTaskScheduleDefinitionFromConfig(
                      schedule,
                    )
                  : DEFAULT_SCHEDULE,
              ),
              () => factory.readState(),
            ),
            factory,
          });
        }
      },
    });
  },
});
