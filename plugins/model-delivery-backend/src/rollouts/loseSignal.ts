import { endOthers } from '../bundles/endOthers';
import { recordFailure } from '../deployments/occupancy';
import { changePromotion, ENGINE_ACTOR } from '../promotions/changePromotion';
import { notifyTrouble } from '../promotions/notifications';
import { PromotionRecord } from '../promotions/types';
import { round } from '../words';
import { holdsTraffic } from './holdsTraffic';
import { changeRollout, RolloutContext, stepOf } from './rolloutContext';
import { updateStep } from './stepStore';
import { judgeUnseen } from './watchStep';

/** Whether a promotion's version takes traffic on the condition that it is watched. */
export function isWatched(
  record: Pick<
    PromotionRecord,
    'state' | 'operation' | 'share' | 'plan' | 'stepIndex'
  >,
): boolean {
  return (
    record.state === 'rolling-out' &&
    (record.operation === 'observe' ||
      (record.operation === 'passed' && holdsTraffic(record)))
  );
}

/** Whether a promotion's version is being compared with what serves, without serving anybody. */
export function isShadowed(
  record: Pick<PromotionRecord, 'state' | 'operation'>,
): boolean {
  return record.state === 'rolling-out' && record.operation === 'compare';
}

/**
 * Gives up a step that could not be watched however often it was tried: nobody knows whether its version is good, so all
 * traffic goes back to what served before. The step is inconclusive, not failed; the rollout counts as rolled back.
 */
export async function loseSignal(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  trouble: { message: string; attempts: number },
): Promise<void> {
  const step = await stepOf(context, record);
  const why = `There is no signal: ${trouble.message}`;
  const judgement = judgeUnseen(record.plan, why);
  await changeRollout(context, record, async tx => {
    await updateStep(tx.knex, record.id, step.index, {
      state: 'inconclusive',
      judged_at: tx.now,
      samples: null,
      analysis: JSON.stringify(judgement.analysis),
    });
    await recordFailure(tx, context.metrics, record);
    const changed = await changePromotion(tx, record, {
      event: 'abort',
      holder,
      note: {
        actor: ENGINE_ACTOR,
        action: 'promotion.signal-lost',
        summary: `Step ${round(
          step.share,
          1,
        )} % could not be watched (attempts: ${trouble.attempts}): ${
          trouble.message
        }. What is not watched does not serve`,
        details: { step: step.index, attempts: trouble.attempts },
      },
      set: {
        operation: 'restore',
        operation_since: tx.now,
        attempts: 0,
        error_message: null,
        due_at: tx.now,
      },
    });
    await endOthers(tx, context.metrics, record, 'abort');
    notifyTrouble(
      tx,
      changed,
      `${record.version} could not be watched`,
      `${why}. Traffic returns to ${record.fromVersion}.`,
    );
  });
}
