import { Transaction } from '../database/UnitOfWork';
import { PromotionRecord } from '../promotions/types';
import { watchPlanOf } from './watchPlan';
import { insertWatch } from './watchStore';

/**
 * Begins to watch a version that just took over all traffic, where its policy says so. What has nothing before it to be
 * compared with, or to go back to, is not watched.
 */
export async function beginWatch(
  tx: Transaction,
  record: PromotionRecord,
): Promise<void> {
  const plan = watchPlanOf(record.plan);
  if (plan && record.kind === 'promotion' && record.fromVersionId) {
    await insertWatch(tx.knex, {
      promotionId: record.id,
      since: tx.now,
      until: new Date(tx.now.getTime() + plan.seconds * 1000),
      windowSeconds: plan.windowSeconds,
    });
  }
}
