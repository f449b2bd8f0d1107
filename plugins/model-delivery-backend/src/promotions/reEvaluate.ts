import { Knex } from 'knex';
import { Transaction } from '../database/UnitOfWork';
import { changePromotion, ENGINE_ACTOR } from './changePromotion';
import {
  findPromotion,
  JoinedPromotionRow,
  selectPromotions,
  toPromotionRecord,
} from './promotionStore';
import { PromotionRecord, RELIES_ON_EVIDENCE } from './types';

/**
 * Sends a promotion back to its gates, if it has not begun to move traffic. Call it within `changeModel`.
 * @param why - what happened, as the audit log says it
 */
export async function reEvaluate(
  tx: Transaction,
  record: PromotionRecord,
  why: string,
): Promise<void> {
  // Read under the lock that this update takes: what a worker or person does at the same time comes before or after.
  await tx
    .knex('promotions')
    .where({ id: record.id })
    .update({ due_at: tx.now });
  const current = await findPromotion(tx.knex, record.id);
  if (!current || !RELIES_ON_EVIDENCE.includes(current.state)) {
    return;
  }
  await changePromotion(tx, current, {
    event: 're-evaluate',
    note: {
      actor: ENGINE_ACTOR,
      action: 'promotion.re-evaluated',
      summary: `${current.version} to ${current.environment} is evaluated again: ${why}`,
    },
    set: { due_at: tx.now },
  });
}

/** Open promotions that have not begun to move traffic. */
export function selectWaiting(knex: Knex) {
  return selectPromotions(knex)
    .where('promotions.kind', 'promotion')
    .whereIn('promotions.state', [...RELIES_ON_EVIDENCE])
    .orderBy('promotions.id');
}

/**
 * Sends back to their gates the other promotions that are compared with what serves in an environment, once another
 * version does: those into it, and all of the model when it is production, whose version every gate may compare with.
 * Whoever is asked to approve would otherwise decide on a comparison that does not hold any more.
 */
export async function reEvaluateComparedWith(
  tx: Transaction,
  place: { modelRef: string; environment: string; tier: string },
  options: { except?: number; why: string },
): Promise<void> {
  const query = selectWaiting(tx.knex).where(
    'promotions.model_ref',
    place.modelRef,
  );
  if (place.tier !== 'production') {
    query.where('promotions.environment', place.environment);
  }
  const rows: JoinedPromotionRow[] = await query;
  for (const record of rows.map(toPromotionRecord)) {
    if (record.id !== options.except) {
      await reEvaluate(tx, record, options.why);
    }
  }
}
