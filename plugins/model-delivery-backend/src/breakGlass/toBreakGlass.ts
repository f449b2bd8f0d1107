import { BreakGlass } from '@slipway/backstage-plugin-model-delivery-common';
import { BreakGlassRecord } from './types';

/** An emergency as the API shows it; pure. */
export function toBreakGlass(record: BreakGlassRecord, now: Date): BreakGlass {
  const { review } = record;
  return {
    reason: record.reason,
    role: record.role,
    reviewRole: record.reviewRole,
    bypassed: record.bypassed,
    reviewBy: record.reviewBy.toISOString(),
    overdue: review === null && record.reviewBy <= now,
    review: review && {
      outcome: review.outcome,
      reason: review.reason,
      reviewedBy: review.reviewedBy,
      reviewedAt: review.reviewedAt.toISOString(),
    },
  };
}
