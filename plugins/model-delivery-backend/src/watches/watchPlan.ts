import { RolloutPlan } from '@slipway/backstage-plugin-model-delivery-common';

/** Judgements that a watch is divided into at most, however short the windows of the rollout were. */
const MOST_WINDOWS = 96;
/** Samples that a judgement needs where no step of the rollout says so. */
const FEWEST_SAMPLES = 100;
const FEWEST_SECONDS = 1;
const MOST_SECONDS = 60;

type Plan = Pick<
  RolloutPlan,
  'steps' | 'metrics' | 'watchSeconds' | 'keepPreviousSeconds'
>;

/** How a version is watched after it took over all traffic. */
export interface WatchPlan {
  metrics: RolloutPlan['metrics'];
  /** How long in all. */
  seconds: number;
  /** How long it is measured for one judgement: as long as for the last step, and a 96th of the watch at least. */
  windowSeconds: number;
  minimumSamples: number;
  /** How many judgements there are in all, among which a chance of error is divided. */
  judgements: number;
}

/** How a policy wants its rollouts to be watched; undefined when it does not, or has nothing to judge by. Pure. */
export function watchPlanOf(plan: Plan): WatchPlan | undefined {
  const seconds = plan.watchSeconds ?? 0;
  if (seconds <= 0 || plan.metrics.length === 0) {
    return undefined;
  }
  const last = plan.steps.at(-1);
  const windowSeconds = Math.min(
    seconds,
    Math.max(last?.windowSeconds ?? 0, Math.ceil(seconds / MOST_WINDOWS)),
  );
  return {
    metrics: plan.metrics,
    seconds,
    windowSeconds,
    minimumSamples: last?.minimumSamples || FEWEST_SAMPLES,
    judgements: Math.ceil(seconds / windowSeconds) * plan.metrics.length,
  };
}

/** Seconds between two looks: a tenth of the window, one at least and sixty at most. Pure. */
export function secondsBetweenLooks(windowSeconds: number): number {
  return Math.min(MOST_SECONDS, Math.max(FEWEST_SECONDS, windowSeconds / 10));
}

/**
 * Until when the version before stays ready, so that going back is a matter of seconds: as long as the policy says, and
 * while the present one is watched. Undefined without a limit: until the next promotion. Pure.
 */
export function keptUntil(
  plan: Plan,
  fullTrafficAt: Date | null,
): Date | undefined {
  if (plan.keepPreviousSeconds === undefined || !fullTrafficAt) {
    return undefined;
  }
  const seconds = Math.max(plan.keepPreviousSeconds, plan.watchSeconds ?? 0);
  return new Date(fullTrafficAt.getTime() + seconds * 1000);
}
