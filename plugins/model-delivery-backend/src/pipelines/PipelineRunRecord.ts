import {
  PipelineRun,
  PipelineRunReport,
} from '@slipway/backstage-plugin-model-delivery-common';
import { DatabaseTime, toIso } from '../database/values';

/** A row of `pipeline_runs`. */
export interface PipelineRunRow {
  id: string;
  model_ref: string;
  external_id: string;
  trigger: PipelineRunReport['trigger'];
  outcome: PipelineRunReport['outcome'];
  started_at: DatabaseTime;
  finished_at: DatabaseTime | null;
  commit: string | null;
  url: string | null;
  version: string | null;
  stages: string;
  reported_by: string;
  digest: string;
}

/** The run as the API shows it. */
export function toPipelineRun(row: PipelineRunRow): PipelineRun {
  return {
    id: row.external_id,
    model: row.model_ref,
    trigger: row.trigger,
    outcome: row.outcome,
    startedAt: toIso(row.started_at),
    ...(row.finished_at !== null && { finishedAt: toIso(row.finished_at) }),
    ...(row.commit !== null && { commit: row.commit }),
    ...(row.url !== null && { url: row.url }),
    ...(row.version !== null && { version: row.version }),
    stages: JSON.parse(row.stages),
    reportedBy: row.reported_by,
  };
}
