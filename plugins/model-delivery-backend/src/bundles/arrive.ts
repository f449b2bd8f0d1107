import { Transaction } from '../database/UnitOfWork';
import { PromotionColumns } from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { wakeOthers } from './bundlePromotionStore';

/** Where members wait for one another. */
export const BARRIERS = ['prepared', 'passed'] as const;

/**
 * What a promotion sets that is ready for its first traffic: what was approved is looked at once more, and it waits for
 * those that go together with it. A way back waits for nobody. Call it within `changeTogether`.
 */
export async function towardsTraffic(
  tx: Transaction,
  record: PromotionRecord,
): Promise<PromotionColumns> {
  return record.kind === 'promotion'
    ? arrive(tx, record, 'prepared')
    : { operation: 'traffic', operation_since: tx.now };
}

/**
 * What a member sets that has come to where it waits for the others, and wakes those that wait there already, since it
 * may be the one they wait for. Call it within `changeTogether`.
 */
export async function arrive(
  tx: Transaction,
  record: PromotionRecord,
  at: (typeof BARRIERS)[number],
): Promise<PromotionColumns> {
  await wakeOthers(tx, record, {
    state: 'rolling-out',
    operations: [...BARRIERS],
  });
  return { operation: at, operation_since: tx.now };
}
