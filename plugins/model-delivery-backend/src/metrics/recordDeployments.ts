import { ChangeKind } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { DatabaseTime, toDate, toDateOrNull } from '../database/values';
import { findSince } from '../versions/versionStore';
import { LinkedDeployment, linkFixes, linkIncidents } from './linkDeployments';
import { findMetric, recordRestored } from './remedies';

/** Kinds of change, the slowest to deliver first: a deployment that carries several counts as the slowest. */
const SLOWEST_FIRST: ChangeKind[] = [
  'base-model',
  'data',
  'code',
  'configuration',
];

/** The one kind of change that a deployment counts as. */
export function slowestOf(kinds: ChangeKind[]): ChangeKind {
  return SLOWEST_FIRST.find(kind => kinds.includes(kind)) ?? 'code';
}

interface StartedDeployment extends LinkedDeployment {
  owner: string;
  risk: string;
  version_id: string;
  kind: string;
  environment_tier: string;
  started_at: DatabaseTime;
  full_traffic_at: DatabaseTime | null;
  promotion_id: number | null;
  reason: string | null;
  from_version_id: string | null;
  /** The promotion again, if it was an emergency. */
  break_glass_id: number | null;
}

/** Counts a production deployment once its traffic began, and what it hot-fixes or is hot-fixed by. */
export async function recordDeploymentStarted(
  tx: Knex.Transaction,
  deploymentId: string,
): Promise<void> {
  const deployment = await findDeployment(tx, deploymentId);
  if (!counts(deployment)) {
    return;
  }
  const between = await findSince(
    tx,
    await previousVersionId(tx, deployment),
    deployment.version_id,
  );
  await tx('metric_deployments')
    .insert({
      deployment_id: deployment.id,
      model_ref: deployment.model_ref,
      owner: deployment.owner,
      risk: deployment.risk,
      version: deployment.version,
      change_kind: slowestOf(between.changeKinds),
      promotion_id: deployment.promotion_id,
      at: toDate(deployment.started_at),
      rework:
        deployment.reason === null
          ? null
          : deployment.reason === 'unplanned-fix',
      break_glass: deployment.break_glass_id !== null,
    })
    .onConflict('deployment_id')
    .ignore();
  await linkFixes(tx, deployment);
  await linkIncidents(tx, deployment);
}

/** Counts a production deployment as delivered, with its lead time. */
export async function recordFullTraffic(
  tx: Knex.Transaction,
  deploymentId: string,
): Promise<void> {
  const deployment = await findDeployment(tx, deploymentId);
  const fullTrafficAt = toDateOrNull(deployment?.full_traffic_at ?? null);
  if (!counts(deployment) || fullTrafficAt === null) {
    return;
  }
  const { firstCommitAt } = await findSince(
    tx,
    await previousVersionId(tx, deployment),
    deployment.version_id,
  );
  // A commit dated after its own delivery says that a clock was wrong: no lead time can be told from it.
  const leadTime =
    firstCommitAt === null || firstCommitAt > fullTrafficAt
      ? null
      : secondsBetween(firstCommitAt, fullTrafficAt);
  await tx('metric_deployments')
    .where({ deployment_id: deploymentId })
    .update({ full_traffic_at: fullTrafficAt, lead_time_seconds: leadTime });
  const row = await findMetric(tx, deploymentId);
  if (row?.fixes_deployment_id) {
    await recordRestored(tx, row.fixes_deployment_id, fullTrafficAt);
  }
}

function counts(
  deployment: StartedDeployment | undefined,
): deployment is StartedDeployment {
  return (
    deployment?.environment_tier === 'production' &&
    deployment.kind === 'promotion'
  );
}

async function findDeployment(
  tx: Knex.Transaction,
  id: string,
): Promise<StartedDeployment | undefined> {
  return tx('deployments')
    .join('versions', 'versions.id', 'deployments.version_id')
    .join('models', 'models.ref', 'deployments.model_ref')
    .leftJoin('promotions', 'promotions.id', 'deployments.promotion_id')
    .leftJoin(
      'break_glass',
      'break_glass.promotion_id',
      'deployments.promotion_id',
    )
    .where('deployments.id', id)
    .first(
      'deployments.id',
      'deployments.model_ref',
      'models.owner',
      'models.risk',
      'deployments.version_id',
      'versions.name as version',
      'deployments.kind',
      'deployments.environment_tier',
      'deployments.started_at',
      'deployments.full_traffic_at',
      'deployments.promotion_id',
      'deployments.reason',
      'promotions.from_version_id',
      'break_glass.promotion_id as break_glass_id',
    );
}

/** What served in production before: as the promotion says, or else by the history. */
async function previousVersionId(
  tx: Knex.Transaction,
  deployment: StartedDeployment,
): Promise<string | null> {
  if (deployment.from_version_id !== null) {
    return deployment.from_version_id;
  }
  // Nothing served when it was asked for: what counts is what served last, however long ago it ended
  const previous: { version_id: string } | undefined = await tx('deployments')
    .where({
      model_ref: deployment.model_ref,
      environment_tier: 'production',
    })
    .where('started_at', '<', toDate(deployment.started_at))
    .whereNotNull('full_traffic_at')
    .whereNot('outcome', 'rolled-back')
    .orderBy('started_at', 'desc')
    .first('version_id');
  return previous?.version_id ?? null;
}

function secondsBetween(from: Date, to: Date): number {
  return Math.round((to.getTime() - from.getTime()) / 1000);
}
