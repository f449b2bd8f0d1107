import { Transaction } from '../database/UnitOfWork';
import { insertPromotion, NewPromotion } from '../promotions/insertPromotion';

/** The promotion of a bundle to be, with the promotions of its members. */
export interface NewBundlePromotion {
  bundleId: number;
  environment: string;
  kind: 'promotion' | 'rollback';
  requestedBy: string;
  note: string | null;
  idempotencyKey?: string;
  /** In the order of their models, so that two of them at once meet in one order. */
  members: Omit<NewPromotion, 'bundlePromotionId'>[];
}

/** Writes the promotion of a bundle and those of its members, due at once. */
export async function insertBundlePromotion(
  tx: Transaction,
  made: NewBundlePromotion,
): Promise<number> {
  const [{ id }] = await tx
    .knex('bundle_promotions')
    .insert({
      bundle_id: made.bundleId,
      environment: made.environment,
      kind: made.kind,
      requested_by: made.requestedBy,
      requested_at: tx.now,
      note: made.note,
      idempotency_key: made.idempotencyKey ?? null,
    })
    .returning('id');
  const ids: number[] = [];
  for (const member of made.members) {
    const record = await insertPromotion(tx, {
      ...member,
      bundlePromotionId: id,
    });
    ids.push(record.id);
  }
  await tx
    .knex('bundle_promotions')
    .where({ id })
    .update({ lead_promotion_id: Math.min(...ids) });
  return id;
}
