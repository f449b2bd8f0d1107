import type { PromotionSummary } from '@slipway/backstage-plugin-model-delivery-common';

/** What to call a promotion that was stopped before its version served anybody: nothing was rolled back. */
export function stoppedBefore({
  state,
  share,
}: Pick<PromotionSummary, 'state' | 'share'>): string | undefined {
  return state === 'rolled-back' && share === null
    ? 'Stopped before it served'
    : undefined;
}
