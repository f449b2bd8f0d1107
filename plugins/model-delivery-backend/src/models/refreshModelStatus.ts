import { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { findDueReviews } from '../breakGlass/breakGlassStore';
import { DatabaseTime, toDate, toNumber } from '../database/values';
import { findServing as findServingEverywhere } from '../deployments/deploymentStore';
import {
  findOpen,
  toOutsideChange,
} from '../outsideChanges/outsideChangeStore';
import {
  findDeploymentRevocations,
  openRevocation,
} from '../revocations/deploymentRevocations';
import { ModelRow } from './ModelRecord';

/** States in which a promotion has traffic on the move. */
const MOVING = ['rolling-out', 'paused', 'rolling-back'];
const OPEN_AND_TELLING = ['awaiting-approval', 'blocked', 'errored', ...MOVING];

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

interface OpenPromotion {
  id: number;
  version: string;
  environment: string;
  environment_tier: string;
  state: string;
  state_since: DatabaseTime;
  share: number | null;
  error_message: string | null;
}

interface JudgedStep {
  promotion_id: number;
  state: string;
  analysis: string;
}

/**
 * Works out the delivery columns of a model's row from its promotions, deployments, incidents and versions, each asked
 * for by an index that begins with the model.
 */
export async function refreshModelStatus(
  tx: Knex.Transaction,
  ref: string,
): Promise<void> {
  // The lock makes changes of one model wait for one another here, so that the last one to commit has seen them all.
  const model: Pick<ModelRow, 'risk_rank'> | undefined = await tx<ModelRow>(
    'models',
  )
    .where({ ref })
    .forUpdate()
    .first('risk_rank');
  if (!model) {
    return;
  }
  const serving = await findServing(tx, ref);
  const lastDeployment = await tx('deployments')
    .where({ model_ref: ref, environment_tier: 'production' })
    .max({ at: 'started_at' })
    .first();
  const promotions: OpenPromotion[] = await tx('promotions')
    .join('versions', 'versions.id', 'promotions.version_id')
    .where('promotions.model_ref', ref)
    .whereIn('promotions.state', OPEN_AND_TELLING)
    .orderBy('promotions.id')
    .select(
      'promotions.id',
      'versions.name as version',
      'promotions.environment',
      'promotions.environment_tier',
      'promotions.state',
      'promotions.state_since',
      'promotions.share',
      'promotions.error_message',
    );
  const latest: { name: string; position: number | string } | undefined =
    await tx('versions')
      .where({ model_ref: ref })
      .orderBy('position', 'desc')
      .first('name', 'position');

  const rollout = promotions.find(
    each =>
      each.environment_tier === 'production' && MOVING.includes(each.state),
  );
  const step = await findLastStep(
    tx,
    rollout?.id ?? serving?.promotion_id ?? null,
  );
  const incidents = await findIncidents(tx, ref);
  const shaken = await findShakenProduction(tx, ref);
  const outside = (await findOpen(tx, ref)).find(
    each => each.environment_tier === 'production',
  );
  const health = healthOf({
    outside: outside && toOutsideChange(outside).statement,
    serving: !!serving,
    rollout,
    step,
    incidents,
    shaken,
  });
  const waiting = await mostUrgent(tx, promotions);
  const reviews = await findDueReviews(tx, [ref]);
  const attention =
    Math.max(
      incidents.open === null ? 0 : ATTENTION.incident,
      ATTENTION[waiting.kind],
      shaken ? ATTENTION.evidence : 0,
      outside ? ATTENTION.outside : 0,
      rollout ? ATTENTION.rollingOut : 0,
      reviews.size > 0 ? ATTENTION.review : 0,
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
      latest_version: latest?.name ?? null,
      version_count: latest ? toNumber(latest.position) : 0,
      last_deployed_at:
        lastDeployment?.at === null || lastDeployment?.at === undefined
          ? null
          : toDate(lastDeployment.at),
    });
}

async function findServing(
  tx: Knex.Transaction,
  ref: string,
): Promise<
  | { version: string; started_at: DatabaseTime; promotion_id: number | null }
  | undefined
> {
  return tx('deployments')
    .join('versions', 'versions.id', 'deployments.version_id')
    .where('deployments.model_ref', ref)
    .where('deployments.environment_tier', 'production')
    .whereNull('deployments.ended_at')
    .whereNotNull('deployments.full_traffic_at')
    .orderBy('deployments.started_at', 'desc')
    .first(
      'versions.name as version',
      'deployments.started_at',
      'deployments.promotion_id',
    );
}

async function findLastStep(
  tx: Knex.Transaction,
  promotionId: number | null,
): Promise<JudgedStep | undefined> {
  return promotionId === null
    ? undefined
    : tx<JudgedStep>('rollout_steps')
        .where({ promotion_id: promotionId })
        .whereIn('state', ['passed', 'failed', 'inconclusive'])
        .orderBy('index', 'desc')
        .first('promotion_id', 'state', 'analysis');
}

async function findIncidents(
  tx: Knex.Transaction,
  ref: string,
): Promise<{ open: string | null; known: boolean }> {
  const open: { title: string } | undefined = await tx('incidents')
    .where({ model_ref: ref })
    .whereNull('resolved_at')
    .orderBy('detected_at')
    .first('title');
  const any =
    open ?? (await tx('incidents').where({ model_ref: ref }).first('id'));
  return { open: open?.title ?? null, known: any !== undefined };
}

/** What takes production traffic on evidence that was revoked, in words. */
async function findShakenProduction(
  tx: Knex.Transaction,
  ref: string,
): Promise<string | undefined> {
  const serving = (await findServingEverywhere(tx, ref)).filter(
    each => each.environmentTier === 'production',
  );
  const revoked = await findDeploymentRevocations(tx, serving);
  for (const { id, version } of serving) {
    const open = openRevocation(revoked.get(id));
    if (open) {
      return `${version} rests on revoked evidence: ${open.revocation.reason}`;
    }
  }
  return undefined;
}

function healthOf(facts: {
  serving: boolean;
  rollout: OpenPromotion | undefined;
  step: JudgedStep | undefined;
  incidents: { open: string | null; known: boolean };
  shaken: string | undefined;
  outside: string | undefined;
}): Health {
  const { serving, rollout, step, incidents, shaken } = facts;
  if (incidents.open !== null) {
    return { state: 'incident', detail: incidents.open };
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
        state: failed.metric === 'error-rate' ? 'errors' : 'latency',
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
  return incidents.known
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
