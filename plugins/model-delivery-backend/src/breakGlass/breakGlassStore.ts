import { Bypassed } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Transaction } from '../database/UnitOfWork';
import { DatabaseTime, toDate } from '../database/values';
import { BreakGlassRecord, NewBreakGlass } from './types';

/** Columns of `break_glass` as they are joined to a promotion; all null for one that is no emergency. */
export interface JoinedBreakGlassRow {
  glass_reason: string | null;
  glass_role: string | null;
  glass_review_role: string | null;
  glass_bypassed: string | null;
  glass_review_by: DatabaseTime | null;
  glass_outcome: 'justified' | 'unjustified' | null;
  glass_reviewed_by: string | null;
  glass_reviewed_at: DatabaseTime | null;
  glass_review_reason: string | null;
}

/** The columns that a query of promotions selects besides its own, from `break_glass`. */
export const BREAK_GLASS_COLUMNS = [
  'break_glass.reason as glass_reason',
  'break_glass.role as glass_role',
  'break_glass.review_role as glass_review_role',
  'break_glass.bypassed as glass_bypassed',
  'break_glass.review_by as glass_review_by',
  'break_glass.outcome as glass_outcome',
  'break_glass.reviewed_by as glass_reviewed_by',
  'break_glass.reviewed_at as glass_reviewed_at',
  'break_glass.review_reason as glass_review_reason',
];

/** Reads what is joined to a promotion; null for one that is no emergency. */
export function toBreakGlassRecord(
  row: JoinedBreakGlassRow,
): BreakGlassRecord | null {
  if (row.glass_review_by === null || row.glass_reason === null) {
    return null;
  }
  return {
    reason: row.glass_reason,
    role: JSON.parse(row.glass_role!),
    reviewRole: JSON.parse(row.glass_review_role!),
    bypassed: JSON.parse(row.glass_bypassed!),
    reviewBy: toDate(row.glass_review_by),
    review:
      row.glass_outcome !== null && row.glass_reviewed_at !== null
        ? {
            outcome: row.glass_outcome,
            reviewedBy: row.glass_reviewed_by!,
            reviewedAt: toDate(row.glass_reviewed_at),
            reason: row.glass_review_reason!,
          }
        : null,
  };
}

/** Writes what makes a new promotion an emergency. */
export async function insertBreakGlass(
  tx: Transaction,
  promotion: { id: number; modelRef: string },
  made: NewBreakGlass,
): Promise<void> {
  await tx.knex('break_glass').insert({
    promotion_id: promotion.id,
    model_ref: promotion.modelRef,
    reason: made.reason,
    role: JSON.stringify(made.role),
    review_role: JSON.stringify(made.reviewRole),
    review_group: made.reviewRole.group,
    bypassed: JSON.stringify(made.bypassed),
    review_by: made.reviewBy,
  });
}

/** Writes what an emergency promotion goes past, as it was last worked out. */
export async function updateBypassed(
  tx: Transaction,
  promotionId: number,
  bypassed: Bypassed[],
): Promise<void> {
  await tx
    .knex('break_glass')
    .where({ promotion_id: promotionId })
    .update({ bypassed: JSON.stringify(bypassed) });
}

/**
 * Writes a review, unless there is one.
 * @returns whether it was this one
 */
export async function insertReview(
  tx: Transaction,
  promotionId: number,
  review: { outcome: string; reviewedBy: string; reason: string },
): Promise<boolean> {
  const written = await tx
    .knex('break_glass')
    .where({ promotion_id: promotionId })
    .whereNull('reviewed_at')
    .update({
      outcome: review.outcome,
      reviewed_by: review.reviewedBy,
      reviewed_at: tx.now,
      review_reason: review.reason,
    });
  return written === 1;
}

/** Ids of promotions whose review is overdue and of which nobody has been told that, the oldest first. */
export async function findUntoldOverdue(
  knex: Knex,
  now: Date,
  limit: number,
): Promise<number[]> {
  return knex('break_glass')
    .whereNull('reviewed_at')
    .whereNull('overdue_told_at')
    .where('review_by', '<=', now)
    .orderBy('review_by')
    .limit(limit)
    .pluck('promotion_id');
}

/**
 * Writes that it is being said that a review is overdue.
 * @returns whether nobody had, and nobody has reviewed it meanwhile
 */
export async function markOverdueTold(
  tx: Transaction,
  promotionId: number,
): Promise<boolean> {
  const marked = await tx
    .knex('break_glass')
    .where({ promotion_id: promotionId })
    .whereNull('reviewed_at')
    .whereNull('overdue_told_at')
    .update({ overdue_told_at: tx.now });
  return marked === 1;
}

/** Narrows a query of promotions to emergencies that wait for their review. */
export function whereReviewDue(
  query: Knex.QueryBuilder,
  overdueAt?: Date,
): void {
  query.whereIn('promotions.id', due =>
    due
      .from('break_glass')
      .whereNull('reviewed_at')
      .modify(narrowed => {
        if (overdueAt) {
          narrowed.where('review_by', '<=', overdueAt);
        }
      })
      .select('promotion_id'),
  );
}
