import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  deployersExtensionPoint,
  metricsSourcesExtensionPoint,
} from '@slipway/backstage-plugin-model-delivery-node';
import { readLocalServingConfig } from './config';
import { LocalServing } from './LocalServing';
import { LocalServingDeployer } from './LocalServingDeployer';
import { LocalServingMetricsSource } from './LocalServingMetricsSource';

/**
 * Adds the deployer and the metrics source `local-serving`, when `modelDelivery.localServing.enabled` is set.
 * @public
 */
export const modelDeliveryModuleLocalServing = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'local-serving',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        lifecycle: coreServices.lifecycle,
        deployers: deployersExtensionPoint,
        metricsSources: metricsSourcesExtensionPoint,
      },
      async init({ config, logger, lifecycle, deployers, metricsSources }) {
        const settings = readLocalServingConfig(config);
        if (!settings) {
          logger.info('Local serving is not enabled');
          return;
        }
        const serving = await LocalServing.start({ config: settings, logger });
        lifecycle.addShutdownHook(() => serving.stop());
        deployers.addDeployer(new LocalServingDeployer(serving));
        metricsSources.addMetricsSource(new LocalServingMetricsSource(serving));
      },
    });
  },
});
