import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { DefaultAwsCredentialsManager } from '@backstage/integration-aws-node';
import { modelRegistriesExtensionPoint } from '@slipway/backstage-plugin-model-delivery-node';
import { readSagemakerConnections } from './config';

/**
 * Lets model delivery read SageMaker's model registry.
 * @public
 */
export const modelDeliveryModuleSagemaker = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'sagemaker',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        registries: modelRegistriesExtensionPoint,
      },
      async init({ config, registries }) {
        const connections = readSagemakerConnections(config);
        if (connections.length === 0) {
          return;
        }
        // The SDK takes 50 MB of memory: only where it is used
        const { SagemakerRegistry } = await import('./SagemakerRegistry');
        const credentials = DefaultAwsCredentialsManager.fromConfig(config);
        for (const connection of connections) {
          const { accountId } = connection;
          const { sdkCredentialProvider } =
            await credentials.getCredentialProvider(
              accountId ? { accountId } : undefined,
            );
          registries.addRegistry(
            new SagemakerRegistry(connection, sdkCredentialProvider),
          );
        }
      },
    });
  },
});
