import { findDecisions } from '../approvals/decisionStore';
import { EngineContext } from '../context';
import { Transaction } from '../database/UnitOfWork';
import { ModelsService } from '../models/ModelsService';
import { changeModel } from '../promotions/changeModel';
import { ENGINE_ACTOR } from '../promotions/changePromotion';
import { findPromotion } from '../promotions/promotionStore';
import { reEvaluate } from '../promotions/reEvaluate';
import { Targets } from '../rollouts/targets';
import { OutsideChangeRow } from './outsideChangeStore';
import { findSettledTarget } from './places';
import { setBack } from './setBack';

/**
 * Sends the promotion that is to adopt a change back to its gates, since what was found is not so any more: who approves
 * is asked about how traffic would move now. Call it within `changeModel`.
 */
export async function reconsiderAdoption(
  tx: Transaction,
  change: OutsideChangeRow,
  why: string,
): Promise<void> {
  const promotion =
    change.promotion_id === null
      ? undefined
      : await findPromotion(tx.knex, change.promotion_id);
  if (promotion) {
    await reEvaluate(tx, promotion, why);
  }
}

/** Sets back what somebody refused to adopt, once; when that fails it stays open, and a person sets it back. */
export async function setBackRefused(
  context: EngineContext,
  services: { models: ModelsService; targets: Targets },
  change: OutsideChangeRow,
): Promise<void> {
  const { work } = context;
  const promotion =
    change.promotion_id === null || change.revert_by !== null
      ? undefined
      : await findPromotion(work.knex, change.promotion_id);
  if (promotion?.state !== 'rejected') {
    return;
  }
  const refusal = (await findDecisions(work.knex, promotion.id)).find(
    each => each.decision === 'reject',
  );
  const model = await services.models.require(change.model_ref);
  const attempt = change.revert_attempt + 1;
  const by = refusal?.decidedBy ?? ENGINE_ACTOR;
  const expected = await changeModel(
    { work, models: services.models },
    model.ref,
    async tx => {
      const settled = await findSettledTarget(tx.knex, {
        modelRef: model.ref,
        environment: change.environment,
      });
      const isMine =
        settled &&
        (await tx
          .knex('outside_changes')
          .where({
            id: change.id,
            state: 'open',
            revert_attempt: change.revert_attempt,
          })
          .whereNull('revert_by')
          .update({
            revert_by: by,
            revert_reason:
              refusal?.reason ?? `Promotion ${promotion.id} was rejected`,
            revert_attempt: attempt,
          }));
      if (!settled || isMine !== 1) {
        return undefined;
      }
      tx.record({
        actor: ENGINE_ACTOR,
        action: 'outside-change.revert-requested',
        model: model.ref,
        subject: `outside-change:${change.id}`,
        summary: `${
          change.kind === 'alias'
            ? `The alias ${change.alias}`
            : `Traffic of ${change.environment}`
        } is set back, since promotion ${promotion.id} was rejected`,
        details: {
          expected: settled.expected,
          attempt,
          promotion: promotion.id,
          rejectedBy: by,
        },
      });
      return settled.expected;
    },
  );
  if (!expected) {
    return;
  }
  try {
    await setBack(context, services.targets, {
      model,
      change,
      expected,
      attempt,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await work
      .knex('outside_changes')
      .where({ id: change.id, revert_attempt: attempt })
      .update({ revert_error: message.slice(0, 1_000) });
  }
}
