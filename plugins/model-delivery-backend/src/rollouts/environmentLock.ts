import { Transaction } from '../database/UnitOfWork';
import { findTogether } from '../bundles/bundlePromotionStore';
import { lockOccupancy } from '../deployments/occupy';
import { PromotionRecord, TERMINAL_STATES } from '../promotions/types';

/**
 * Takes the lock of the promotion's model and environment, or says who holds it: at most one promotion at a time moves
 * traffic there. Taking it again is nothing new.
 */
export async function takeEnvironmentLock(
  tx: Transaction,
  record: Pick<PromotionRecord, 'id' | 'modelRef' | 'environment'>,
): Promise<{ holder: number }> {
  const place = {
    model_ref: record.modelRef,
    environment: record.environment,
  };
  // A record of what was deployed elsewhere sees the lock, or is seen by whoever takes it.
  await lockOccupancy(tx, record.modelRef);
  await tx
    .knex('environment_locks')
    .insert({ ...place, promotion_id: record.id })
    .onConflict(['model_ref', 'environment'])
    .ignore();
  const row: { promotion_id: number } = await tx
    .knex('environment_locks')
    .where(place)
    .first('promotion_id');
  return { holder: row.promotion_id };
}

/**
 * Gives the lock back and wakes those who wait for it. Promotions that go together hold theirs until the last of them is
 * over.
 */
export async function releaseEnvironmentLock(
  tx: Transaction,
  record: PromotionRecord,
): Promise<void> {
  const together = await findTogether(tx.knex, record);
  const isHeld = together.some(
    each => each.id !== record.id && !TERMINAL_STATES.includes(each.state),
  );
  if (isHeld) {
    return;
  }
  const ids = together.map(each => each.id);
  const released: { model_ref: string; environment: string }[] = await tx
    .knex('environment_locks')
    .whereIn('promotion_id', ids)
    .orderBy('model_ref')
    .select('model_ref', 'environment');
  await tx.knex('environment_locks').whereIn('promotion_id', ids).delete();
  for (const place of released) {
    await tx
      .knex('promotions')
      .where({ ...place, state: 'scheduled' })
      .whereNotIn('id', ids)
      .update({ due_at: tx.now });
  }
}
