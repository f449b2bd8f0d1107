/**
 * The delivery engine alone in a real backend, with a catalog of as many models as SLIPWAY_BENCH_MODELS says. The
 * configuration is in APP_CONFIG_… variables.
 */
import { createBackend } from '@backstage/backend-defaults';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { benchModel } from './benchModel';

const count = Number(process.env.SLIPWAY_BENCH_MODELS);
const entities = Array.from({ length: count }, (_, index) => benchModel(index));

const backend = createBackend();
backend.add(import('@slipway/backstage-plugin-model-delivery-backend'));
backend.add(
  createServiceFactory({
    service: catalogServiceRef,
    deps: {},
    factory: () => catalogServiceMock({ entities }),
  }),
);
backend.start().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
