import { findDecisions } from '../approvals/decisionStore';
import { Transaction } from '../database/UnitOfWork';
import {
  changePromotion,
  ENGINE_ACTOR,
  progressPromotion,
} from '../promotions/changePromotion';
import { notifyTrouble } from '../promotions/notifications';
import { lockPromotion } from '../promotions/promotionStore';
import { reEvaluate } from '../promotions/reEvaluate';
import { PromotionRecord } from '../promotions/types';
import { givenUpColumns, pausedColumns } from '../rollouts/holdsTraffic';
import { effectOn, PromotionEffect, Resting } from './findEffects';
import { EvaluationName } from './types';

/**
 * Stops what rests on evidence that does not count any more. Each promotion is locked and read again first, so that what
 * a worker does with it at the same time comes before or after.
 * @returns what was done to each
 */
export async function stopPromotions(
  tx: Transaction,
  promotions: Resting['promotions'],
  revoked: EvaluationName & { why: string },
): Promise<Resting['promotions']> {
  const done: Resting['promotions'] = [];
  for (const { record } of promotions) {
    const current = await lockPromotion(tx, record.id);
    const effect = current && effectOn(current, revoked);
    if (current && effect) {
      await stop(tx, current, effect, revoked);
      done.push({ record: current, effect });
    }
  }
  return done;
}

async function stop(
  tx: Transaction,
  record: PromotionRecord,
  effect: PromotionEffect,
  { why }: { why: string },
): Promise<void> {
  if (effect === 're-evaluated') {
    await reEvaluate(tx, record, why);
    return;
  }
  if (effect === 'paused') {
    const changed = await changePromotion(tx, record, {
      event: 'pause',
      note: {
        actor: ENGINE_ACTOR,
        action: 'promotion.paused',
        summary: `Paused, since ${why}`,
      },
      set: { ...pausedColumns(tx.now), obstacle: why },
    });
    notifyTrouble(
      tx,
      changed,
      `The rollout of ${record.version} of ${record.modelTitle} was paused`,
      `${why}. A person decides: resume or abort.`,
    );
    return;
  }
  // It has stopped already; nothing lets it go on by itself
  await progressPromotion(tx, record, {
    set: {
      ...(record.state === 'paused'
        ? pausedColumns(tx.now)
        : givenUpColumns(record, tx.now)),
      obstacle: why,
    },
    note: {
      actor: ENGINE_ACTOR,
      action: 'promotion.held',
      summary: `A person decides whether it goes on, since ${why}`,
    },
  });
}

/** Whoever asked for or approved what rests on the evidence. */
export async function findConcerned(
  tx: Transaction,
  { promotions, deployments }: Resting,
): Promise<string[]> {
  const people = deployments.flatMap(each => [
    ...(each.requestedBy ? [each.requestedBy] : []),
    ...each.approvedBy,
  ]);
  for (const { record } of promotions) {
    const decisions = await findDecisions(tx.knex, record.id);
    people.push(
      record.requestedBy,
      ...decisions
        .filter(each => each.decision === 'approve' && each.voided === null)
        .map(each => each.decidedBy),
    );
  }
  return [...new Set(people)].filter(each => each.startsWith('user:'));
}
