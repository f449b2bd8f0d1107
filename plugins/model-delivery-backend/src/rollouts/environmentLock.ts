import { Transaction } from '../database/UnitOfWork';
import { PromotionRecord } from '../promotions/types';

/**
 * Takes the lock of the promotion's model and environment, or says who holds it: at most one promotion at a time moves
 * traffic there. Taking it again is nothing new.
 */
export async function takeEnvironmentLock(
  tx: Transaction,
  record: PromotionRecord,
): Promise<{ holder: number }> {
  const place = {
    model_ref: record.modelRef,
    environment: record.environment,
  };
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

/** Gives the lock back and wakes those who wait for it. */
export async function releaseEnvironmentLock(
  tx: Transaction,
  record: PromotionRecord,
): Promise<void> {
  const released = await tx
    .knex('environment_locks')
    .where({ promotion_id: record.id })
    .delete();
  if (released > 0) {
    await tx
      .knex('promotions')
      .where({
        model_ref: record.modelRef,
        environment: record.environment,
        state: 'scheduled',
      })
      .whereNot({ id: record.id })
      .update({ due_at: tx.now });
  }
}
