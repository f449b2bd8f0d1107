import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { modelRegistriesExtensionPoint } from '@slipway/backstage-plugin-model-delivery-node';
import { GoogleAuth } from 'google-auth-library';
import { readVertexConnections } from './config';
import { VertexRegistry } from './VertexRegistry';

/**
 * Lets model delivery read Vertex AI's model registry.
 * @public
 */
export const modelDeliveryModuleVertexAi = createBackendModule({
  pluginId: 'model-delivery',
  moduleId: 'vertex-ai',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        registries: modelRegistriesExtensionPoint,
      },
      async init({ config, registries }) {
        for (const connection of readVertexConnections(config)) {
          const auth = new GoogleAuth({
            keyFile: connection.keyFile,
            scopes: ['https://www.googleapis.com/auth/cloud-platform'],
          });
          registries.addRegistry(
            new VertexRegistry(connection, async () => {
              const token = await auth.getAccessToken();
              if (!token) {
                throw new Error('There is none');
              }
              return token;
            }),
          );
        }
      },
    });
  },
});
