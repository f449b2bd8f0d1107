import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  deployerOperationsServiceRef,
  deployersExtensionPoint,
} from '@slipway/backstage-plugin-model-delivery-node';
import { createSplitterDeployer } from './createSplitterDeployer';
import { Splitter } from './Splitter';

export const splitterModule = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'splitter',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        deployers: deployersExtensionPoint,
        operations: deployerOperationsServiceRef,
      },
      async init({ config, deployers, operations }) {
        const settings = config.getConfig('modelDelivery.splitter');
        const splitter = new Splitter(
          settings.getString('baseUrl'),
          settings.getString('token'),
        );
        deployers.addDeployer(createSplitterDeployer({ splitter, operations }));
      },
    });
  },
});
