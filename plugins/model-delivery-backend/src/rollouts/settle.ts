import { Transaction } from '../database/UnitOfWork';
import { recordSuccess } from '../deployments/occupancy';
import { changePromotion, ENGINE_ACTOR } from '../promotions/changePromotion';
import {
  isSpokesman,
  notifyRequester,
  whatOf,
} from '../promotions/notifications';
import { PromotionColumns } from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { followServing } from '../registries/followedAliasStore';
import { beginWatch } from '../watches/beginWatch';
import { releaseEnvironmentLock } from './environmentLock';

/** Columns of a promotion whose traffic is settled: only unneeded servers are left to be taken down. */
export function settledColumns(tx: Transaction): PromotionColumns {
  return {
    operation: 'release',
    operation_since: tx.now,
    rollout_finished_at: tx.now,
    attempts: 0,
    error_message: null,
    due_at: tx.now,
  };
}

/** Ends a rollout whose version serves all traffic. */
export async function succeed(
  tx: Transaction,
  record: PromotionRecord,
  holder?: string,
): Promise<void> {
  await recordSuccess(tx, record);
  const changed = await changePromotion(tx, record, {
    event: 'complete',
    holder,
    note: {
      actor: ENGINE_ACTOR,
      action: 'promotion.succeeded',
      summary: `${record.version} serves all traffic of ${record.environment}`,
    },
    set: { ...settledColumns(tx), share: 100 },
  });
  await beginWatch(tx, record);
  await releaseEnvironmentLock(tx, record);
  await followServing(tx, record);
  if (isSpokesman(record)) {
    notifyRequester(
      tx,
      changed,
      `${whatOf(record)} serves in ${record.environment}`,
      'It took over all traffic.',
      'normal',
    );
  }
}
