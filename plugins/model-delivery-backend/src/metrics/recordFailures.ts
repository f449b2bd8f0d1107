import { Knex } from 'knex';
import { DatabaseTime, toDate, toDateOrNull } from '../database/values';

interface FailedDeployment {
  deployment_id: string;
  model_ref: string;
  owner: string;
  risk: string;
  version: string;
  change_kind: string;
  promotion_id: number | null;
  remedy: 'rolled-back' | 'hot-fixed' | null;
  remedy_detected_at: DatabaseTime | null;
  remedy_restored_at: DatabaseTime | null;
}

interface LinkedIncident {
  external_id: string;
  title: string;
  url: string | null;
  detected_at: DatabaseTime;
  resolved_at: DatabaseTime | null;
}

/**
 * Works out anew whether a counted deployment failed and for how long, from its rollback or fix and from the incidents
 * that it caused: one failure a deployment, from the first detection. It is over when the rollback or fix is complete or
 * when all of its incidents are resolved, whichever came first.
 */
export async function syncFailure(
  tx: Knex.Transaction,
  deploymentId: string,
): Promise<void> {
  const deployment = await tx<FailedDeployment>('metric_deployments')
    .where({ deployment_id: deploymentId })
    .first();
  if (!deployment) {
    return;
  }
  const incidents: LinkedIncident[] = await tx('incidents')
    .where({ deployment_id: deploymentId })
    .orderBy('detected_at')
    .select('external_id', 'title', 'url', 'detected_at', 'resolved_at');
  const id = `deployment:${deploymentId}`;
  const remedyDetectedAt = toDateOrNull(deployment.remedy_detected_at);
  const failure =
    deployment.remedy ?? (incidents.length > 0 ? 'incident' : null);
  await tx('metric_deployments')
    .where({ deployment_id: deploymentId })
    .update({ failed: failure !== null, failure });
  if (failure === null) {
    await tx('metric_failures').where({ id }).delete();
    return;
  }
  const detectedAt = earliest([
    ...(remedyDetectedAt ? [remedyDetectedAt] : []),
    ...incidents.map(incident => toDate(incident.detected_at)),
  ])!;
  const restoredAt = earliest([
    ...(deployment.remedy && deployment.remedy_restored_at !== null
      ? [toDate(deployment.remedy_restored_at)]
      : []),
    ...allResolvedAt(incidents),
  ]);
  await saveFailure(tx, {
    id,
    model_ref: deployment.model_ref,
    owner: deployment.owner,
    risk: deployment.risk,
    version: deployment.version,
    change_kind: deployment.change_kind,
    deployment_id: deploymentId,
    promotion_id: deployment.promotion_id,
    title: incidents[0]?.title ?? titleOf(deployment),
    url: incidents[0]?.url ?? null,
    detectedAt,
    restoredAt,
    incidents: incidents.length,
  });
}

/** What a failure that no deployment caused is counted by. */
export async function saveUnlinkedIncident(
  tx: Knex.Transaction,
  incident: {
    id: string;
    model_ref: string;
    owner: string;
    risk: string;
    version: string | null;
    title: string;
    url: string | null;
    detectedAt: Date;
    restoredAt: Date | null;
  },
): Promise<void> {
  await saveFailure(tx, {
    ...incident,
    id: `incident:${incident.id}`,
    change_kind: null,
    deployment_id: null,
    promotion_id: null,
    incidents: 1,
  });
}

/** Forgets what was counted by itself, since a deployment turned out to have caused it. */
export async function deleteUnlinkedIncident(
  tx: Knex.Transaction,
  incidentId: string,
): Promise<void> {
  await tx('metric_failures')
    .where({ id: `incident:${incidentId}` })
    .delete();
}

async function saveFailure(
  tx: Knex.Transaction,
  failure: {
    id: string;
    model_ref: string;
    owner: string;
    risk: string;
    version: string | null;
    change_kind: string | null;
    deployment_id: string | null;
    promotion_id: number | null;
    title: string;
    url: string | null;
    detectedAt: Date;
    restoredAt: Date | null;
    incidents: number;
  },
): Promise<void> {
  const { detectedAt, restoredAt, ...columns } = failure;
  await tx('metric_failures')
    .insert({
      ...columns,
      detected_at: detectedAt,
      restored_at: restoredAt,
      recovery_seconds:
        restoredAt === null
          ? null
          : Math.max(
              0,
              Math.round((restoredAt.getTime() - detectedAt.getTime()) / 1000),
            ),
    })
    .onConflict('id')
    .merge();
}

function allResolvedAt(incidents: LinkedIncident[]): Date[] {
  const resolved = incidents.flatMap(incident =>
    incident.resolved_at === null ? [] : [toDate(incident.resolved_at)],
  );
  return incidents.length > 0 && resolved.length === incidents.length
    ? [resolved.reduce((a, b) => (a > b ? a : b))]
    : [];
}

function earliest(times: Date[]): Date | null {
  return times.length === 0 ? null : times.reduce((a, b) => (a < b ? a : b));
}

function titleOf(deployment: FailedDeployment): string {
  return deployment.remedy === 'hot-fixed'
    ? `${deployment.version} needed an unplanned fix`
    : `${deployment.version} was rolled back`;
}
