import { RolloutPlan } from '@slipway/backstage-plugin-model-delivery-common';
import {
  DeploymentTarget,
  GivenSignals,
  MetricsSource,
  SignalKind,
} from '@slipway/backstage-plugin-model-delivery-node';
import { listing, round } from '../words';

/** What each way of comparing needs. */
const NEEDED: Record<RolloutPlan['metrics'][number]['kind'], SignalKind> = {
  proportion: 'errors',
  distribution: 'latencies',
  shift: 'scores',
  distance: 'scores',
  stability: 'scores',
};

/** What a source gives that does not say. */
const UNLESS_SAID: GivenSignals = { kinds: ['errors', 'latencies'] };

/** What a source gives of a target, or at best of any. */
export async function givenBy(
  source: MetricsSource,
  target?: DeploymentTarget,
): Promise<GivenSignals> {
  return (await source.gives?.(target)) ?? UNLESS_SAID;
}

/**
 * Says why a rollout could never be judged as its policy asks: the source that watches its target does not give what a metric
 * is worked out from. Undefined where it does, and where that cannot be told now: the steps find out, and do not pass either.
 */
export async function findMissingSignal(
  source: MetricsSource,
  target: DeploymentTarget,
  plan: RolloutPlan,
): Promise<string | undefined> {
  let given: GivenSignals;
  try {
    given = await givenBy(source, target);
  } catch {
    return undefined;
  }
  const missing = plan.metrics.filter(
    each => !given.kinds.includes(NEEDED[each.kind]),
  );
  if (missing.length === 0) {
    return undefined;
  }
  const kind = NEEDED[missing[0].kind];
  const { model, environment } = target;
  return `${firstJudged(plan)} would be judged by ${listing(
    missing.filter(each => NEEDED[each.kind] === kind).map(each => each.name),
  )}, but the metrics source '${
    source.id
  }' of ${model} in ${environment} gives no ${kind}, so it could never pass; ${
    given.remedies?.[kind] ?? `have it give ${kind}`
  }, name another source in modelDelivery.targets, or choose other metrics in the policy`;
}

/** What a rollout is judged by first. */
function firstJudged({ strategy, shadow, steps }: RolloutPlan): string {
  if (shadow) {
    return 'The shadow';
  }
  return strategy === 'blue-green'
    ? 'The switch'
    : `Step 1 (${round(steps[0].share, 1)} %)`;
}
