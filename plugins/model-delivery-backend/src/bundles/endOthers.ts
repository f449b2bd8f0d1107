import { Transaction } from '../database/UnitOfWork';
import { recordFailure } from '../deployments/occupancy';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { changePromotion, ENGINE_ACTOR } from '../promotions/changePromotion';
import { transitionColumns } from '../promotions/transitionColumns';
import { isTrafficTouched, nextState } from '../promotions/transitions';
import { PromotionRecord } from '../promotions/types';
import { releaseEnvironmentLock } from '../rollouts/environmentLock';
import { skipRest } from '../rollouts/stepStore';
import { findTogether } from './bundlePromotionStore';

const ACTIONS = {
  abort: 'aborted',
  expire: 'expired',
  cancel: 'cancelled',
} as const;

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
      await endOne(tx, metrics, other, happens, record);
    }
  }
}

async function endOne(
  tx: Transaction,
  metrics: MetricsRecorder,
  other: PromotionRecord,
  event: keyof typeof ACTIONS,
  because: PromotionRecord,
): Promise<void> {
  if (event === 'abort' && isTrafficTouched(other)) {
    await recordFailure(tx, metrics, other);
  }
  await changePromotion(tx, other, {
    event,
    note: {
      actor: ENGINE_ACTOR,
      action: `promotion.${ACTIONS[event]}`,
      summary: `${other.version} goes together with ${because.version} of ${because.modelTitle}, which does not go on`,
      details: { event, because: `promotion:${because.id}` },
    },
    set:
      event === 'expire'
        ? { due_at: null }
        : transitionColumns(tx, other, event),
  });
  if (event === 'cancel') {
    await skipRest(tx.knex, other.id);
    await releaseEnvironmentLock(tx, other);
  }
}
