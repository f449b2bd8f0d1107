import { ModelRegistry } from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { modelEntity } from './people';
import { startTestEngine, TestEngine } from './startTestEngine';

/**
 * Starts an engine whose model `credit-default` has its versions in a registry. It is looked at every 100 ms of a clock that
 * stands still: it is read again when a test lets time pass.
 */
export function startRegistryEngine(
  knex: Knex,
  registry: ModelRegistry,
): Promise<TestEngine> {
  return startTestEngine({
    knex,
    entities: [
      modelEntity(
        'credit-default',
        {},
        { 'slipway.dev/registry': 'mlflow://main/Credit%20Default' },
      ),
    ],
    registries: [registry],
    config: {
      modelDelivery: { registries: { pollInterval: { milliseconds: 100 } } },
    },
  });
}
