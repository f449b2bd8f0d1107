import { Knex } from 'knex';
import { DatabaseTime, toDate, toDateOrNull } from '../database/values';
import { ModelRecord } from '../models/ModelRecord';
import {
  deleteUnlinkedIncident,
  saveUnlinkedIncident,
  syncFailure,
} from './recordFailures';

/**
 * Counts an incident as it now stands: as a failure of the counted deployment that caused it, and of no other any more,
 * or else by itself.
 */
export async function recordIncident(
  tx: Knex.Transaction,
  model: ModelRecord,
  incident: {
    id: string;
    title: string;
    detected_at: DatabaseTime;
    resolved_at: DatabaseTime | null;
    caused_by_version: string | null;
    deployment_id: string | null;
    url: string | null;
  },
  previousDeploymentId: string | null | undefined,
): Promise<void> {
  if (previousDeploymentId && previousDeploymentId !== incident.deployment_id) {
    await syncFailure(tx, previousDeploymentId);
  }
  if (incident.deployment_id && (await isCounted(tx, incident.deployment_id))) {
    await deleteUnlinkedIncident(tx, incident.id);
    await syncFailure(tx, incident.deployment_id);
    return;
  }
  await saveUnlinkedIncident(tx, {
    id: incident.id,
    model_ref: model.ref,
    owner: model.owner,
    risk: model.risk,
    version: incident.caused_by_version,
    title: incident.title,
    url: incident.url,
    detectedAt: toDate(incident.detected_at),
    restoredAt: toDateOrNull(incident.resolved_at),
  });
}

async function isCounted(
  tx: Knex.Transaction,
  deploymentId: string,
): Promise<boolean> {
  const row = await tx('metric_deployments')
    .where({ deployment_id: deploymentId })
    .first('deployment_id');
  return row !== undefined;
}
