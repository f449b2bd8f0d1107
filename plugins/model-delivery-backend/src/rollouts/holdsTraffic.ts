import { PromotionColumns } from '../promotions/promotionStore';
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

/** What a promotion that was paused sets: the engine watches it as long as it takes traffic. */
export function pausedColumns(now: Date): PromotionColumns {
  return { due_at: now, attempts: 0, error_message: null };
}
