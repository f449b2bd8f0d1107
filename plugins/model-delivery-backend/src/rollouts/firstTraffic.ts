import { Knex } from 'knex';
import { Transaction } from '../database/UnitOfWork';
import { progressPromotion } from '../promotions/changePromotion';
import { PromotionEvaluator } from '../promotions/PromotionEvaluator';
import { findOpenPromotions } from '../promotions/promotionStore';
import { sendToGates } from '../promotions/reEvaluate';
import { PromotionRecord } from '../promotions/types';
import { releaseEnvironmentLock } from './environmentLock';
import { changeRollout, RolloutContext } from './rolloutContext';

/**
 * What keeps a rollout that has begun from its first traffic: what was approved does not hold any more, a freeze has begun,
 * or what it would take traffic from is being rolled back. Between its begin and its first traffic may lie a shadow, a pause,
 * or trouble of many days. Undefined when nothing does; a rollback asks nobody.
 */
export async function findLateObstacle(
  knex: Knex,
  evaluator: Pick<PromotionEvaluator, 'findStaleness' | 'findHold'>,
  record: PromotionRecord,
): Promise<string | undefined> {
  return record.kind === 'rollback'
    ? undefined
    : (await findRollbackAhead(knex, record)) ??
        (await evaluator.findStaleness(record)) ??
        (await evaluator.findHold(record))?.why;
}

/** The rollback that is on its way in the environment of a promotion, in words; undefined where none is. */
export async function findRollbackAhead(
  knex: Knex,
  { modelRef, environment }: PromotionRecord,
): Promise<string | undefined> {
  const open = await findOpenPromotions(knex, modelRef, environment);
  const rollback = open.find(each => each.kind === 'rollback');
  return rollback && `it waits for the rollback ${rollback.id}`;
}

/** Lets a promotion that is ready for it, and goes with no others, take its first traffic; or sends it back to its gates. */
export async function takeFirstTraffic(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const late = await findLateObstacle(
    context.work.knex,
    context.evaluator,
    record,
  );
  await changeRollout(context, record, async tx => {
    if (late) {
      await backToGates(tx, record, late, holder);
      await releaseEnvironmentLock(tx, record);
      return;
    }
    await progressPromotion(tx, record, {
      holder,
      set: {
        operation: 'traffic',
        operation_since: tx.now,
        due_at: tx.now,
        attempts: 0,
        error_message: null,
      },
    });
  });
}

/**
 * Sends a promotion whose rollout has begun, but which has taken no traffic yet, back to its gates. It begins anew when they
 * let it through again; if it ends before, its server is let go. The lock of the environment is for the caller to release.
 */
export async function backToGates(
  tx: Transaction,
  record: PromotionRecord,
  why: string,
  holder?: string,
): Promise<void> {
  await sendToGates(tx, record, {
    why,
    holder,
    set: {
      operation: 'release',
      operation_since: tx.now,
      operation_attempt: record.operationAttempt + 1,
      step_index: null,
      share: null,
      rollout_started_at: null,
      obstacle: null,
      attempts: 0,
      error_message: null,
    },
  });
}
