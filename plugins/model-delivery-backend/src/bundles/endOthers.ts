import { Transaction } from '../database/UnitOfWork';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { ENGINE_ACTOR } from '../promotions/changePromotion';
import { stopPromotion } from '../promotions/stopPromotion';
import { nextState } from '../promotions/transitions';
import { PromotionRecord } from '../promotions/types';
import { findTogether } from './bundlePromotionStore';

/**
 * Ends the promotions that go together with one that has come to its end or gives its traffic back, in its transaction:
 * what moved traffic gives it back too, what had not begun does not begin. Call it within `changeTogether`.
 */
export async function endOthers(
  tx: Transaction,
  metrics: MetricsRecorder,
  record: PromotionRecord,
  event: 'abort' | 'expire',
): Promise<void> {
  for (const other of await findTogether(tx.knex, record)) {
    const happens =
      other.id !== record.id &&
      ([event, 'cancel'] as const).find(each => nextState(other, each));
    if (happens) {
      await stopPromotion(tx, metrics, other, {
        event: happens,
        actor: ENGINE_ACTOR,
        summary: `${other.version} goes together with ${record.version} of ${record.modelTitle}, which does not go on`,
        details: { because: `promotion:${record.id}` },
      });
    }
  }
}
