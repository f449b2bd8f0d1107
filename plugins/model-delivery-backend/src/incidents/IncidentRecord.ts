import { Incident } from '@slipway/backstage-plugin-model-delivery-common';
import { DatabaseTime, toIso } from '../database/values';

/** A row of `incidents`. */
export interface IncidentRow {
  id: string;
  model_ref: string;
  external_id: string;
  title: string;
  detected_at: DatabaseTime;
  resolved_at: DatabaseTime | null;
  caused_by_version: string | null;
  deployment_id: string | null;
  url: string | null;
}

/** The incident as the API shows it. */
export function toIncident(row: IncidentRow): Incident {
  return {
    id: row.external_id,
    model: row.model_ref,
    title: row.title,
    detectedAt: toIso(row.detected_at),
    ...(row.resolved_at !== null && { resolvedAt: toIso(row.resolved_at) }),
    ...(row.caused_by_version !== null && {
      causedByVersion: row.caused_by_version,
    }),
    ...(row.url !== null && { url: row.url }),
    deploymentId: row.deployment_id,
  };
}
