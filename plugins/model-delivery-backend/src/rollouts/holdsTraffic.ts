import { PromotionColumns } from '../promotions/promotionStore';
import { isTrafficTouched } from '../promotions/transitions';
import { PromotionRecord } from '../promotions/types';

/** Whether a promotion takes traffic, and there is something to tell by whether it fails. Pure. */
export function holdsTraffic({
  share,
  plan,
  stepIndex,
}: Pick<PromotionRecord, 'share' | 'plan' | 'stepIndex'>): boolean {
  const step = plan.steps[stepIndex ?? 0];
  return (
    (share ?? 0) > 0 &&
    plan.metrics.length > 0 &&
    (step?.windowSeconds ?? 0) > 0
  );
}

/**
 * Whether trouble keeps a promotion from going on while it may take traffic: also the share that could not be set may have
 * come in part. It can be told then whether it fails. Pure.
 */
export function isHeldByTrouble(record: PromotionRecord): boolean {
  const { state, resumeState, kind, plan } = record;
  return (
    state === 'errored' &&
    resumeState === 'rolling-out' &&
    kind === 'promotion' &&
    isTrafficTouched(record) &&
    plan.metrics.length > 0 &&
    plan.steps.some(each => each.windowSeconds > 0)
  );
}

/** What a promotion sets that trouble stopped until a person decides: the engine watches it as long as it may take traffic. */
export function givenUpColumns(
  record: PromotionRecord,
  now: Date,
): PromotionColumns {
  return { given_up: true, due_at: isHeldByTrouble(record) ? now : null };
}

/** What a promotion that was paused sets: the engine watches it as long as it takes traffic. */
export function pausedColumns(now: Date): PromotionColumns {
  return { due_at: now, attempts: 0, error_message: null };
}
