import {
  Promotion,
  PromotionState,
  RolloutPlan,
} from '@slipway/backstage-plugin-model-delivery-common';
import { insertBreakGlass } from '../breakGlass/breakGlassStore';
import { NewBreakGlass } from '../breakGlass/types';
import { bypassedText } from '../breakGlass/words';
import { Transaction } from '../database/UnitOfWork';
import { DeploymentFact } from '../deployments/types';
import { PolicyEnvironment } from '../policies/types';
import { findPromotion } from './promotionStore';
import { PromotionRecord } from './types';

/** A promotion to be. */
export interface NewPromotion {
  kind: PromotionRecord['kind'];
  state: PromotionState;
  modelRef: string;
  versionId: string;
  versionName: string;
  environment: Pick<PolicyEnvironment, 'name' | 'tier'>;
  policyDigest: string;
  requestedBy: string;
  reason: PromotionRecord['reason'];
  note: string | null;
  idempotencyKey: string | undefined;
  /** What serves there now. */
  control: DeploymentFact | undefined;
  plan: RolloutPlan;
  gateCounts: Promotion['gateCounts'];
  /** What makes it an emergency. */
  breakGlass?: NewBreakGlass;
  /** The promotion of a bundle that it is part of. */
  bundlePromotionId?: number;
}

/** Writes a new promotion, due at once. */
export async function insertPromotion(
  tx: Transaction,
  made: NewPromotion,
): Promise<PromotionRecord> {
  const at = tx.now.toISOString();
  const history: PromotionRecord['history'] = [{ state: 'requested', at }];
  if (made.state !== 'requested') {
    history.push({ state: made.state, at });
  }
  const [inserted] = await tx
    .knex('promotions')
    .insert({
      model_ref: made.modelRef,
      version_id: made.versionId,
      environment: made.environment.name,
      environment_tier: made.environment.tier,
      kind: made.kind,
      state: made.state,
      revision: 1,
      reason: made.reason,
      note: made.note,
      requested_by: made.requestedBy,
      requested_at: tx.now,
      state_since: tx.now,
      history: JSON.stringify(history),
      policy_digest: made.policyDigest,
      first_deployment: made.control === undefined,
      from_version_id: made.control?.versionId ?? null,
      from_deployment_id: made.control?.id ?? null,
      change_kinds: '[]',
      slots: '[]',
      plan: JSON.stringify(made.plan),
      gate_counts: JSON.stringify(made.gateCounts),
      due_at: tx.now,
      idempotency_key: made.idempotencyKey ?? null,
      bundle_promotion_id: made.bundlePromotionId ?? null,
    })
    .returning('id');
  if (made.breakGlass) {
    await insertBreakGlass(
      tx,
      { id: inserted.id, modelRef: made.modelRef },
      made.breakGlass,
    );
  }
  const record = await findPromotion(tx.knex, inserted.id);
  if (!record) {
    throw new Error(`Promotion ${inserted.id} is not to be found`);
  }
  tx.record({
    actor: made.requestedBy,
    action: actionOf(made),
    model: made.modelRef,
    subject: `promotion:${record.id}`,
    summary: summaryOf(made),
    details: {
      version: made.versionName,
      versionDigest: record.versionDigest,
      environment: made.environment.name,
      policyDigest: made.policyDigest,
      reason: made.reason,
      note: made.note,
      ...(record.bundle && {
        bundle: record.bundle.digest,
        bundlePromotion: String(record.bundle.id),
      }),
      ...(made.breakGlass && {
        breakGlass: {
          reason: made.breakGlass.reason,
          role: made.breakGlass.role.role,
          reviewRole: made.breakGlass.reviewRole.role,
          reviewBy: made.breakGlass.reviewBy.toISOString(),
          bypassed: made.breakGlass.bypassed,
        },
      }),
    },
  });
  tx.publish({
    topic: 'signal.promotion',
    payload: { id: String(record.id), model: made.modelRef, revision: 1 },
  });
  return record;
}

function actionOf(made: NewPromotion): string {
  if (made.breakGlass) {
    return 'promotion.break-glass';
  }
  return made.kind === 'rollback'
    ? 'rollback.requested'
    : 'promotion.requested';
}

function summaryOf(made: NewPromotion): string {
  const { versionName: version, breakGlass } = made;
  const environment = made.environment.name;
  if (breakGlass) {
    return `Broke the glass to put ${version} into ${environment}, past ${bypassedText(
      breakGlass.bypassed,
    )}: ${breakGlass.reason}`;
  }
  return made.kind === 'rollback'
    ? `Rollback of ${environment} to ${version}: ${made.note}`
    : `Requested to promote ${version} to ${environment}${
        made.note ? `: ${made.note}` : ''
      }`;
}
