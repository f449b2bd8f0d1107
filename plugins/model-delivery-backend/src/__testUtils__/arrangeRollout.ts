import { createMockDirectory } from '@backstage/backend-test-utils';
import { ArrangedEngines } from './ArrangedEngines';
import { modelEntity, people } from './people';
import { policiesWith } from './rolloutPolicies';
import { Decide, startTestEngine, TestEngine } from './startTestEngine';
import { answers, TestDelivery } from './TestDelivery';

/**
 * Starts an engine whose policies move traffic as given, in YAML's flow style; v1 serves in production, and v2 is ready in
 * staging.
 * @param more - what else production has, as `policiesWith` takes it
 * @param decide - decides on permissions; everything is allowed without it
 */
export async function arrangeRollout(
  engines: ArrangedEngines,
  directory: ReturnType<typeof createMockDirectory>,
  rollout: string,
  more: Record<string, string> = {},
  decide?: Decide,
): Promise<{ engine: TestEngine; delivery: TestDelivery }> {
  const policies = policiesWith({ rollout: `{ ${rollout} }`, ...more });
  directory.setContent(policies);
  const { engine } = await engines.start({
    name: JSON.stringify(policies),
    start: ground =>
      startTestEngine({
        ...ground,
        entities: [modelEntity('credit-default')],
        decide,
        config: { modelDelivery: { policies: { directory: directory.path } } },
      }),
    arrange: async first => {
      const delivery = new TestDelivery(first);
      await delivery.register('v1');
      await delivery.stage('v1');
      const id = await delivery.askForApproval('v1');
      answers(201)(await delivery.decide(id, people.teamLead, 'team-lead'));
      await delivery.until(id, 'succeeded');
      await delivery.register('v2');
      await delivery.stage('v2');
    },
  });
  engine.deployer.performed.length = 0;
  return { engine, delivery: new TestDelivery(engine) };
}
