import { endOthers } from '../bundles/endOthers';
import { Transaction } from '../database/UnitOfWork';
import { recordFailure } from '../deployments/occupancy';
import { changePromotion, ENGINE_ACTOR } from '../promotions/changePromotion';
import { notifyTrouble } from '../promotions/notifications';
import { PromotionRecord } from '../promotions/types';
import { StepJudgement } from './analyseMetric';
import { RolloutContext } from './rolloutContext';
import { updateStep } from './stepStore';

/**
 * Begins to give the traffic of a version back that failed in a step, with that of all that go together with it. Call it
 * within `changeRollout`.
 */
export async function giveTrafficBack(
  context: Pick<RolloutContext, 'metrics'>,
  tx: Transaction,
  record: PromotionRecord,
  holder: string,
  failure: {
    judgement: StepJudgement;
    /** The judgement in words. */
    said: string;
    /** For the audit log. */
    summary: string;
    /** Of what people are told. */
    title: string;
  },
): Promise<void> {
  const { judgement, said, summary, title } = failure;
  const step = record.stepIndex ?? 0;
  await updateStep(tx.knex, record.id, step, {
    state: 'failed',
    judged_at: tx.now,
    samples: judgement.samples,
    analysis: JSON.stringify(judgement.analysis),
  });
  await recordFailure(tx, context.metrics, record);
  const changed = await changePromotion(tx, record, {
    event: 'abort',
    holder,
    note: {
      actor: ENGINE_ACTOR,
      action: 'promotion.step-failed',
      summary,
      details: { step, analysis: judgement.analysis },
    },
    set: {
      operation: 'restore',
      operation_since: tx.now,
      resume_state: null,
      attempts: 0,
      error_message: null,
      obstacle: null,
      due_at: tx.now,
    },
  });
  await endOthers(tx, context.metrics, record, 'abort');
  notifyTrouble(
    tx,
    changed,
    title,
    `${said}. Traffic returns to ${record.fromVersion}.`,
  );
}
