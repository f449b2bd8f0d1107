import { Knex } from 'knex';
import { ArrangedEngines } from './ArrangedEngines';
import { modelEntity } from './people';
import { startTestEngine, TestEngine } from './startTestEngine';
import { TestDelivery } from './TestDelivery';

/**
 * Starts an engine under the policies that it comes with, where v1 of `credit-default` serves in production and v2 is
 * registered.
 * @param further - what happened after that, before the engine is used; once for all engines of the file
 */
export async function arrangeServing(
  engines: ArrangedEngines,
  further?: (delivery: TestDelivery) => Promise<void>,
): Promise<{ engine: TestEngine; knex: Knex; delivery: TestDelivery }> {
  const started = await engines.start({
    start: ground =>
      startTestEngine({ ...ground, entities: [modelEntity('credit-default')] }),
    arrange: async first => {
      const delivery = new TestDelivery(first);
      await delivery.register('v1');
      await delivery.deployFirst('v1');
      await delivery.register('v2');
      await further?.(delivery);
    },
  });
  return { ...started, delivery: new TestDelivery(started.engine) };
}
