/**
 * The delivery engine alone in a real backend, with a catalog of as many models as SLIPWAY_BENCH_MODELS says; they are those of a
 * registry where SLIPWAY_BENCH_REGISTRY names one, such as `mlflow://main`. The configuration is in APP_CONFIG_… variables.
 */
import { createBackend } from '@backstage/backend-defaults';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { benchModel } from './benchModel';

const count = Number(process.env.SLIPWAY_BENCH_MODELS);
const registry = process.env.SLIPWAY_BENCH_REGISTRY;
const entities = Array.from({ length: count }, (_, index) =>
  benchModel(index, registry),
);
const catalog = catalogServiceMock({ entities });
// The mock looks through all of them for every page
catalog.streamEntities = async function* streamEntities(request) {
  const size = request?.pageSize ?? 500;
  for (let from = 0; from < entities.length; from += size) {
    yield entities.slice(from, from + size);
  }
};

const backend = createBackend();
backend.add(import('@slipway/backstage-plugin-model-delivery-backend'));
if (registry) {
  backend.add(
    import('@slipway/backstage-plugin-model-delivery-backend-module-mlflow'),
  );
}
backend.add(
  createServiceFactory({
    service: catalogServiceRef,
    deps: {},
    factory: () => catalog,
  }),
);
backend.start().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
