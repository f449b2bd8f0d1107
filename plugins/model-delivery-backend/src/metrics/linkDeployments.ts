import { Knex } from 'knex';
import { DatabaseTime, toDate } from '../database/values';
import { deleteUnlinkedIncident, syncFailure } from './recordFailures';
import {
  findMetric,
  MetricDeployment,
  recordRemedy,
  recordRestored,
} from './remedies';

/**
 * An unplanned fix whose production traffic starts within this time after that of the deployment before it makes that
 * one count as hot-fixed. A day: what is fixed later has at least worked for a day of use.
 */
export const HOT_FIX_WINDOW_HOURS = 24;

const HOT_FIX_WINDOW_MS = HOT_FIX_WINDOW_HOURS * 3_600_000;

/** A counted deployment, as far as its neighbours in time need it. */
export interface LinkedDeployment {
  id: string;
  model_ref: string;
  version: string;
  started_at: DatabaseTime;
  reason: string | null;
}

/** Links the deployment to the one it fixes, and to a fix of it that was recorded earlier, as histories are. */
export async function linkFixes(
  tx: Knex.Transaction,
  deployment: LinkedDeployment,
): Promise<void> {
  const at = toDate(deployment.started_at);
  const neighbours = () =>
    tx<MetricDeployment>('metric_deployments').where({
      model_ref: deployment.model_ref,
    });
  if (deployment.reason === 'unplanned-fix') {
    const before = await neighbours()
      .where('at', '<', at)
      .where('at', '>=', new Date(at.getTime() - HOT_FIX_WINDOW_MS))
      .orderBy('at', 'desc')
      .first();
    if (before) {
      await markHotFixed(tx, before, deployment.id);
    }
  }
  const after = await neighbours()
    .where('at', '>', at)
    .where('at', '<=', new Date(at.getTime() + HOT_FIX_WINDOW_MS))
    .orderBy('at')
    .first();
  if (after && Boolean(after.rework)) {
    const mine = await findMetric(tx, deployment.id);
    await markHotFixed(tx, mine!, after.deployment_id);
  }
}

/** Links incidents of its version that were reported before the deployment itself was, as histories are. */
export async function linkIncidents(
  tx: Knex.Transaction,
  deployment: LinkedDeployment,
): Promise<void> {
  const waiting: { id: string }[] = await tx('incidents')
    .where({
      model_ref: deployment.model_ref,
      caused_by_version: deployment.version,
    })
    .whereNull('deployment_id')
    .where('detected_at', '>=', toDate(deployment.started_at))
    .select('id');
  if (waiting.length === 0) {
    return;
  }
  const ids = waiting.map(incident => incident.id);
  await tx('incidents')
    .whereIn('id', ids)
    .update({ deployment_id: deployment.id });
  for (const id of ids) {
    await deleteUnlinkedIncident(tx, id);
  }
  await syncFailure(tx, deployment.id);
}

async function markHotFixed(
  tx: Knex.Transaction,
  broken: MetricDeployment,
  fixId: string,
): Promise<void> {
  if (broken.remedy !== null) {
    return;
  }
  const fix = await findMetric(tx, fixId);
  // At the latest when the fix was asked for, somebody knew.
  const detectedAt = toDate(
    (await knownBrokenAt(tx, broken.deployment_id)) ??
      (await askedForAt(tx, fixId)),
  );
  const brokenAt = toDate(broken.at);
  await tx('metric_deployments')
    .where({ deployment_id: fixId })
    .update({ fixes_deployment_id: broken.deployment_id });
  await recordRemedy(
    tx,
    broken.deployment_id,
    detectedAt < brokenAt ? brokenAt : detectedAt,
    'hot-fixed',
  );
  if (fix?.full_traffic_at) {
    await recordRestored(tx, broken.deployment_id, toDate(fix.full_traffic_at));
  }
}

async function knownBrokenAt(
  tx: Knex.Transaction,
  deploymentId: string,
): Promise<DatabaseTime | null> {
  const row: { failure_detected_at: DatabaseTime | null } | undefined =
    await tx('deployments')
      .where({ id: deploymentId })
      .first('failure_detected_at');
  return row?.failure_detected_at ?? null;
}

async function askedForAt(
  tx: Knex.Transaction,
  deploymentId: string,
): Promise<DatabaseTime> {
  const row: { requested_at: DatabaseTime | null; started_at: DatabaseTime } =
    await tx('deployments')
      .leftJoin('promotions', 'promotions.id', 'deployments.promotion_id')
      .where('deployments.id', deploymentId)
      .first('promotions.requested_at', 'deployments.started_at');
  return row.requested_at ?? row.started_at;
}
