/**
 * Backstage's own catalog alone in a real backend, with as many models as SLIPWAY_BENCH_MODELS says, taken in by its own way:
 * a provider, processing, stitching. The configuration is in APP_CONFIG_… variables.
 */
import { createBackend } from '@backstage/backend-defaults';
import { createBackendModule } from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { benchModel } from './benchModel';

const count = Number(process.env.SLIPWAY_BENCH_MODELS);

const backend = createBackend();
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@slipway/backstage-plugin-catalog-backend-module-model'));
backend.add(
  createBackendModule({
    pluginId: 'catalog',
    moduleId: 'bench-models',
    register(env) {
      env.registerInit({
        deps: { catalog: catalogProcessingExtensionPoint },
        async init({ catalog }) {
          catalog.addEntityProvider({
            getProviderName: () => 'bench-models',
            connect: async connection => {
              await connection.applyMutation({
                type: 'full',
                entities: Array.from({ length: count }, (_, index) => {
                  const { relations: _relations, ...entity } =
                    benchModel(index);
                  return { entity, locationKey: 'bench' };
                }),
              });
            },
          });
        },
      });
    },
  }),
);
backend.start().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
