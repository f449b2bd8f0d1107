import { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { toDate, toDateOrNull, toNumber } from '../database/values';
import { cardStateOf } from './cardState';
import {
  findCardWritten,
  findKnown,
  findLastStep,
  findOpenPromotions,
  findOutside,
  findServing,
  findShakenProduction,
  JudgedStep,
  MOVING,
  OpenPromotion,
} from './deliveryFacts';
import { environmentsOf, toServingIn } from './modelFacets';
import { findRecentDeployments } from './recentDeployments';
import { ModelRecord, ModelRow } from './ModelRecord';

/** How soon a person should look, by what waits; the risk (0 to 2) of the model is added. */
const ATTENTION = {
  incident: 90,
  judgement: 80,
  error: 70,
  evidence: 65,
  outside: 62,
  approval: 60,
  review: 55,
  paused: 50,
  'gate-failing': 40,
  rollingOut: 20,
  nothing: 0,
} as const;

type Health = ModelSummary['health'];
type WaitingKind = ModelSummary['waiting']['kind'];

/**
 * Works out the delivery columns of a model's row from its promotions, deployments, incidents and versions, each asked
 * for by an index that begins with the model.
 * @param cardLimit - how old the policy lets the card of such models be, in days; null where it does not ask
 */
export async function refreshModelStatus(
  tx: Knex.Transaction,
  ref: string,
  at: Date,
  cardLimit: (model: Pick<ModelRecord, 'risk' | 'teamSize'>) => number | null,
): Promise<void> {
  // The lock makes changes of one model wait for one another here, so that the last one to commit has seen them all.
  const model: Pick<ModelRow, 'risk' | 'risk_rank' | 'team_size'> | undefined =
    await tx<ModelRow>('models')
      .where({ ref })
      .forUpdate()
      .first('risk', 'risk_rank', 'team_size');
  if (!model) {
    return;
  }
  const serving = await findServing(tx, ref);
  const promotions = await findOpenPromotions(tx, ref);
  const known = await findKnown(tx, ref);
  const rollout = promotions.find(
    each =>
      each.environment_tier === 'production' && MOVING.includes(each.state),
  );
  const step = await findLastStep(
    tx,
    rollout?.id ?? serving?.promotion_id ?? null,
  );
  const shaken =
    known.revocation === null ? undefined : await findShakenProduction(tx, ref);
  const outside =
    known.outside_change === null ? undefined : await findOutside(tx, ref);
  const health = healthOf({
    serving: !!serving,
    rollout,
    step,
    openIncident: known.open_incident,
    hadIncidents: known.incident !== null,
    shaken,
    outside,
  });
  const cardAt = await findCardWritten(
    tx,
    ref,
    serving?.version ?? known.latest_version,
  );
  const waiting = await mostUrgent(tx, promotions);
  const attention =
    Math.max(
      known.open_incident === null ? 0 : ATTENTION.incident,
      ATTENTION[waiting.kind],
      shaken ? ATTENTION.evidence : 0,
      outside ? ATTENTION.outside : 0,
      rollout ? ATTENTION.rollingOut : 0,
      known.due_review === null ? 0 : ATTENTION.review,
    ) || 0;

  await tx('models')
    .where({ ref })
    .update({
      production_version: serving?.version ?? null,
      production_since: serving ? toDate(serving.started_at) : null,
      rollout_promotion_id: rollout ? String(rollout.id) : null,
      rollout_version: rollout?.version ?? null,
      rollout_share: rollout ? rollout.share ?? 0 : null,
      health_state: health.state,
      health_detail: health.detail,
      waiting_kind: waiting.kind,
      waiting_detail: waiting.detail,
      waiting_promotion_id: waiting.promotionId,
      waiting_since: waiting.since,
      attention: attention > 0 ? attention + model.risk_rank : 0,
      latest_version: known.latest_version,
      version_count: toNumber(known.version_count ?? 0),
      last_deployed_at: toDateOrNull(known.last_deployed_at),
      serving_in: toServingIn(environmentsOf(known.serving_in ?? '')),
      recent_deployments: await findRecentDeployments(tx, ref),
      review_promotion_id: known.due_review,
      review_by: toDateOrNull(known.review_by),
      card_at: cardAt,
      card_state: cardStateOf(
        cardAt,
        cardLimit({ risk: model.risk, teamSize: model.team_size }),
        at,
      ),
      changed_at: at,
    });
}

function healthOf(facts: {
  serving: boolean;
  rollout: OpenPromotion | undefined;
  step: JudgedStep | undefined;
  /** Title of the one that was detected first. */
  openIncident: string | null;
  hadIncidents: boolean;
  shaken: string | undefined;
  outside: string | undefined;
}): Health {
  const { serving, rollout, step, openIncident, shaken } = facts;
  if (openIncident !== null) {
    return { state: 'incident', detail: openIncident };
  }
  if (rollout && step) {
    const failed = (
      JSON.parse(step.analysis) as {
        metric: string;
        verdict: string;
        explanation: string;
      }[]
    ).find(each => each.verdict === 'fail');
    if (failed) {
      return {
        state: stateOf(failed.metric),
        detail: `${rollout.version}: ${failed.explanation}`,
      };
    }
  }
  if (shaken) {
    return { state: 'evidence', detail: shaken };
  }
  if (facts.outside) {
    return { state: 'outside', detail: facts.outside };
  }
  if (!serving && !rollout) {
    return { state: 'no-data', detail: null };
  }
  if (step?.state === 'passed') {
    return { state: 'ok', detail: 'It passed the last step of its rollout' };
  }
  return facts.hadIncidents
    ? { state: 'ok', detail: 'No open incident' }
    : { state: 'no-data', detail: null };
}

async function mostUrgent(
  tx: Knex.Transaction,
  promotions: OpenPromotion[],
): Promise<{
  kind: WaitingKind;
  detail: string | null;
  promotionId: string | null;
  since: Date | null;
}> {
  let chosen: { kind: WaitingKind; promotion: OpenPromotion } | undefined;
  for (const promotion of promotions) {
    const kind = await waitingKindOf(tx, promotion);
    if (
      kind !== 'nothing' &&
      (!chosen || ATTENTION[kind] > ATTENTION[chosen.kind])
    ) {
      chosen = { kind, promotion };
    }
  }
  if (!chosen) {
    return { kind: 'nothing', detail: null, promotionId: null, since: null };
  }
  const { kind, promotion } = chosen;
  return {
    kind,
    detail: detailOf(kind, promotion),
    promotionId: String(promotion.id),
    since: toDate(promotion.state_since),
  };
}

async function waitingKindOf(
  tx: Knex.Transaction,
  promotion: OpenPromotion,
): Promise<WaitingKind> {
  switch (promotion.state) {
    case 'awaiting-approval':
      return 'approval';
    case 'blocked':
      return 'gate-failing';
    case 'errored':
      return 'error';
    case 'paused':
      return (await findLastStep(tx, promotion.id))?.state === 'inconclusive'
        ? 'judgement'
        : 'paused';
    default:
      return 'nothing';
  }
}

function detailOf(kind: WaitingKind, promotion: OpenPromotion): string {
  const what = `${promotion.version} to ${promotion.environment}`;
  switch (kind) {
    case 'approval':
      return `${what} waits for approval`;
    case 'gate-failing':
      return `${what} is held by a gate`;
    case 'judgement':
      return `${what} is inconclusive: a person decides`;
    case 'paused':
      return `${what} is paused at ${promotion.share ?? 0} %`;
    default:
      return promotion.error_message ?? `${what} met technical trouble`;
  }
}

/** What is wrong where a metric of a rollout fails. */
function stateOf(metric: string): Health['state'] {
  if (metric.startsWith('score-')) {
    return 'scores';
  }
  return metric === 'error-rate' ? 'errors' : 'latency';
}
