import { Transaction } from '../database/UnitOfWork';
import { recordFailure } from '../deployments/occupancy';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { releaseEnvironmentLock } from '../rollouts/environmentLock';
import { skipRest } from '../rollouts/stepStore';
import { changePromotion } from './changePromotion';
import { transitionColumns } from './transitionColumns';
import { isTrafficTouched } from './transitions';
import { PromotionRecord } from './types';

const ACTIONS = {
  abort: 'aborted',
  expire: 'expired',
  cancel: 'cancelled',
} as const;

/** How a promotion can come to its end before it has succeeded. */
export type StopEvent = keyof typeof ACTIONS;

/**
 * Stops a promotion for a person, or for the sake of another one in that one's transaction: what touched traffic gives it back, what did
 * not is over at once and leaves its environment to others.
 * @param stop - for the audit log: who stops it, why, and as part of what
 */
export async function stopPromotion(
  tx: Transaction,
  metrics: MetricsRecorder,
  record: PromotionRecord,
  stop: {
    event: StopEvent;
    actor: string;
    summary: string;
    details: Record<string, unknown>;
  },
): Promise<PromotionRecord> {
  const { event, actor, summary, details } = stop;
  if (event === 'abort' && isTrafficTouched(record)) {
    await recordFailure(tx, metrics, record);
  }
  const changed = await changePromotion(tx, record, {
    event,
    note: {
      actor,
      action: `promotion.${ACTIONS[event]}`,
      summary,
      details: { event, ...details },
    },
    set:
      event === 'expire'
        ? { due_at: null }
        : transitionColumns(tx, record, event),
  });
  if (event === 'cancel') {
    await skipRest(tx.knex, record.id);
    await releaseEnvironmentLock(tx, record);
  }
  return changed;
}
