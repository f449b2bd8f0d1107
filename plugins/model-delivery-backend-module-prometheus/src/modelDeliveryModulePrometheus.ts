import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { metricsSourcesExtensionPoint } from '@slipway/backstage-plugin-model-delivery-node';
import { readPrometheusConnections } from './config';
import { PrometheusMetricsSource } from './PrometheusMetricsSource';

/**
 * Lets canaries be judged by what Prometheus servers measured. Adds nothing unless `modelDelivery.prometheus` is set.
 * @public
 */
export const modelDeliveryModulePrometheus = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'prometheus',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        metricsSources: metricsSourcesExtensionPoint,
      },
      async init({ config, metricsSources }) {
        for (const connection of readPrometheusConnections(config)) {
          metricsSources.addMetricsSource(
            new PrometheusMetricsSource(connection),
          );
        }
      },
    });
  },
});
