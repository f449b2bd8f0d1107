import { Knex } from 'knex';
import { ModelRecord } from '../models/ModelRecord';
import { DatabaseTime, toDate } from '../database/values';

/** Counts a pipeline run that is over. */
export async function recordFinishedRun(
  tx: Knex.Transaction,
  model: ModelRecord,
  run: {
    id: string;
    external_id: string;
    version: string | null;
    url: string | null;
    outcome: string;
    finished_at: DatabaseTime | null;
  },
): Promise<void> {
  if (run.finished_at === null) {
    return;
  }
  await tx('metric_runs')
    .insert({
      run_id: run.id,
      model_ref: model.ref,
      owner: model.owner,
      risk: model.risk,
      external_id: run.external_id,
      version: run.version,
      url: run.url,
      outcome: run.outcome,
      finished_at: toDate(run.finished_at),
    })
    .onConflict('run_id')
    .ignore();
}
