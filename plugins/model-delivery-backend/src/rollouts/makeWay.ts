import { findTogether, lockTogether } from '../bundles/bundlePromotionStore';
import { Transaction } from '../database/UnitOfWork';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { notifyTrouble } from '../promotions/notifications';
import { findPromotion, lockPromotion } from '../promotions/promotionStore';
import { StopEvent, stopPromotion } from '../promotions/stopPromotion';
import { nextState } from '../promotions/transitions';
import { PromotionRecord, TERMINAL_STATES } from '../promotions/types';

/** Whether a promotion goes before others that are on their way: a way back, or an emergency. */
export function goesFirst(record: PromotionRecord): boolean {
  return record.kind === 'rollback' || record.breakGlass !== null;
}

/** Whether technical trouble stopped a promotion for good before it touched traffic: only a person lets it go on. */
export function isStuck(record: PromotionRecord): boolean {
  return (
    record.state === 'errored' &&
    record.isGivenUp &&
    nextState(record, 'cancel') !== undefined
  );
}

/**
 * Stops what holds the environments of promotions that go before others, within the transaction in which these begin. A
 * rollback waits for nobody who could be stopped: what touched no traffic is cancelled, what did is aborted, and gives it
 * back first. An emergency stops nobody who is on the way, but does not wait for what is stuck.
 * @returns entity refs of all models whose promotions were stopped
 */
export async function makeWay(
  tx: Transaction,
  metrics: MetricsRecorder,
  movers: PromotionRecord[],
): Promise<string[]> {
  const stopped: string[] = [];
  const seen = new Set<number>();
  for (const { mover, holder } of await findHolders(tx, movers)) {
    if (seen.has(holder.id)) {
      continue;
    }
    await lockTogether(tx, holder);
    const together: PromotionRecord[] = [];
    for (const { id } of await findTogether(tx.knex, holder)) {
      // Whatever a worker does with it at the same moment comes before or after
      const current = await lockPromotion(tx, id);
      if (current && !TERMINAL_STATES.includes(current.state)) {
        together.push(current);
      }
    }
    const event = howToStop(mover, together);
    for (const each of together) {
      seen.add(each.id);
      if (event && (await stop(tx, metrics, each, event, mover))) {
        stopped.push(each.modelRef);
      }
    }
  }
  return stopped;
}

/** Who holds the environments that others want to have, in the order in which their bundles are locked. */
async function findHolders(
  tx: Transaction,
  movers: PromotionRecord[],
): Promise<{ mover: PromotionRecord; holder: PromotionRecord }[]> {
  const own = movers.map(each => each.id);
  const found = [];
  for (const mover of movers) {
    const lock: { promotion_id: number } | undefined = await tx
      .knex('environment_locks')
      .where({ model_ref: mover.modelRef, environment: mover.environment })
      .whereNotIn('promotion_id', own)
      .first('promotion_id');
    const holder = lock && (await findPromotion(tx.knex, lock.promotion_id));
    if (holder) {
      found.push({ mover, holder });
    }
  }
  return found.sort(
    (a, b) =>
      (a.holder.bundle?.id ?? 0) - (b.holder.bundle?.id ?? 0) ||
      a.holder.id - b.holder.id,
  );
}

/** What stops promotions that go together, as far as another one may stop them. Pure. */
function howToStop(
  mover: PromotionRecord,
  together: PromotionRecord[],
): 'cancel' | 'abort' | undefined {
  const isUntouched = together.every(each => nextState(each, 'cancel'));
  if (together.some(each => each.kind === 'rollback')) {
    return undefined;
  }
  if (mover.kind === 'rollback') {
    return isUntouched ? 'cancel' : 'abort';
  }
  return isUntouched && together.some(isStuck) ? 'cancel' : undefined;
}

async function stop(
  tx: Transaction,
  metrics: MetricsRecorder,
  record: PromotionRecord,
  wanted: 'cancel' | 'abort',
  mover: PromotionRecord,
): Promise<boolean> {
  const isReturning =
    record.state === 'errored' && record.resumeState === 'rolling-back';
  const event = ([wanted, 'cancel'] satisfies StopEvent[]).find(each =>
    nextState(record, each),
  );
  if (isReturning || !event) {
    return false;
  }
  const done = event === 'abort' ? 'aborted' : 'cancelled';
  const reason =
    mover.kind === 'rollback'
      ? `a rollback to ${mover.version} was asked for: ${mover.note}`
      : `the emergency promotion ${mover.id} does not wait for what is stuck: ${mover.breakGlass?.reason}`;
  const changed = await stopPromotion(tx, metrics, record, {
    event,
    actor: mover.requestedBy,
    summary: `The rollout of ${record.version} was ${done}: ${reason}`,
    details: { reason, because: `promotion:${mover.id}` },
  });
  notifyTrouble(
    tx,
    changed,
    `The rollout of ${record.version} was ${done}`,
    reason,
  );
  return true;
}
