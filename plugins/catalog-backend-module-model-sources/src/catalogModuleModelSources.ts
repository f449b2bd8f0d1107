import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  catalogProcessingExtensionPoint,
  catalogServiceRef,
} from '@backstage/plugin-catalog-node';
import { readFileSources } from './files/readFileSources';
import { readMlflowSources } from './mlflow/readMlflowSources';
import { ModelSourceProcessor } from './provider/ModelSourceProcessor';
import { ModelSourceProvider } from './provider/ModelSourceProvider';
import { createSender, SourceReports } from './provider/SourceReports';
import { openStore } from './store/openStore';

/**
 * Makes Model entities of what teams already have: the registered models of MLflow servers, Hugging Face model cards and
 * CycloneDX ML-BOMs.
 * @public
 */
export const catalogModuleModelSources = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'slipway-model-sources',
  register(registration) {
    registration.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        discovery: coreServices.discovery,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        reader: coreServices.urlReader,
        processing: catalogProcessingExtensionPoint,
        scheduler: coreServices.scheduler,
      },
      async init({
        config,
        database,
        discovery,
        lifecycle,
        processing,
        reader,
        ...services
      }) {
        const sources = [
          ...readMlflowSources(config),
          ...readFileSources(config, reader),
        ];
        const store = await openStore(database);
        const configured = sources.map(({ settings }) => settings.provider);
        await store.keepOnly(configured);
        const reports = new SourceReports(configured, {
          store,
          logger: services.logger,
          send: createSender({ auth: services.auth, discovery }),
        });
        const providers = sources.map(
          source =>
            new ModelSourceProvider(source, {
              ...services,
              store,
              reports,
              now: Date.now,
            }),
        );
        processing.addProcessor(new ModelSourceProcessor(store));
        processing.addEntityProvider(...providers);
        lifecycle.addStartupHook(async () => {
          await Promise.all(providers.map(provider => provider.start()));
        });
      },
    });
  },
});
