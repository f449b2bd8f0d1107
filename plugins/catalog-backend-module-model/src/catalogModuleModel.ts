import { createBackendModule } from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { ModelProcessor } from './ModelProcessor';

/**
 * Adds the Model kind to the catalog.
 * @public
 */
export const catalogModuleModel = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'slipway-model',
  register(registration) {
    registration.registerInit({
      deps: { catalog: catalogProcessingExtensionPoint },
      async init({ catalog }) {
        catalog.addProcessor(new ModelProcessor());
      },
    });
  },
});
