import { Knex } from 'knex';
import { Transaction } from '../database/UnitOfWork';
import { changePromotion, ENGINE_ACTOR } from './changePromotion';
import {
  findPromotion,
  JoinedPromotionRow,
  PromotionColumns,
  selectPromotions,
  toPromotionRecord,
} from './promotionStore';
import { PromotionRecord, RELIES_ON_EVIDENCE, ROLLOUT_STATES } from './types';

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
  await sendToGates(tx, current, { why });
}

/**
 * Has the gates of a promotion judged again. Call it within `changeModel`.
 * @param options - why, as the audit log says it; the worker that holds the lease, when it is one that acts; what else is set
 */
export async function sendToGates(
  tx: Transaction,
  record: PromotionRecord,
  {
    why,
    holder,
    set,
  }: { why: string; holder?: string; set?: PromotionColumns },
): Promise<void> {
  await changePromotion(tx, record, {
    event: 're-evaluate',
    holder,
    note: {
      actor: ENGINE_ACTOR,
      action: 'promotion.re-evaluated',
      summary: `${record.version} to ${record.environment} is evaluated again: ${why}`,
    },
    set: { ...set, due_at: tx.now },
  });
}

/** Has the workers judge the gates of rollouts again, as soon as they move traffic or go on to. */
export async function judgeRolloutsAgain(
  tx: Transaction,
  which: (query: Knex.QueryBuilder) => void,
): Promise<void> {
  const rollouts = () =>
    tx
      .knex('promotions')
      .where({ kind: 'promotion' })
      .whereIn('state', [...ROLLOUT_STATES])
      .where(which);
  await rollouts().increment('evidence_changes', 1);
  await rollouts().where({ state: 'rolling-out' }).update({ due_at: tx.now });
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
