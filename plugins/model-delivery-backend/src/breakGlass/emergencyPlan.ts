import { RolloutPlan } from '@slipway/backstage-plugin-model-delivery-common';
import { DIRECT_PLAN } from '../policies/toContent';

/**
 * How the traffic of an emergency moves: all at once and without a judgement, but the version before stays ready and the
 * new one is watched as the policy's own plan says. Pure.
 */
export function emergencyPlan(usual: RolloutPlan): RolloutPlan {
  const { keepPreviousSeconds, watchSeconds } = usual;
  return {
    ...DIRECT_PLAN,
    ...(keepPreviousSeconds !== undefined && { keepPreviousSeconds }),
    ...(watchSeconds !== undefined && { watchSeconds, metrics: usual.metrics }),
  };
}
