import { Transaction } from '../database/UnitOfWork';
import { changePromotion } from '../promotions/changePromotion';
import { transitionColumns } from '../promotions/transitionColumns';
import { nextState } from '../promotions/transitions';
import { PromotionRecord } from '../promotions/types';
import { findTogether } from './bundlePromotionStore';

/**
 * Ends the members of a bundle that a rejection of it was not written on, since they do not ask for that role. Call it
 * within `changeTogether`.
 */
export async function rejectOthers(
  tx: Transaction,
  record: PromotionRecord,
  actor: string,
): Promise<void> {
  for (const other of await findTogether(tx.knex, record)) {
    const event = (['reject', 'cancel'] as const).find(each =>
      nextState(other, each),
    );
    if (event && record.bundle) {
      await changePromotion(tx, other, {
        event,
        note: {
          actor,
          action:
            event === 'reject' ? 'promotion.rejected' : 'promotion.cancelled',
          summary: `The bundle '${record.bundle.name}' that it is part of was rejected`,
        },
        set:
          event === 'reject'
            ? { due_at: null }
            : transitionColumns(tx, other, 'cancel'),
      });
    }
  }
}
