import { Knex } from 'knex';
import { DatabaseTime } from '../database/values';
import { RunRow } from './lineageStore';
import { EventFacts } from './openLineage';

const RANKS: Record<string, number> = {
  START: 1,
  RUNNING: 2,
  OTHER: 0,
  COMPLETE: 3,
  FAIL: 3,
  ABORT: 3,
};

/**
 * Brings what is known of a run up to date, in whatever order its events arrive: an end counts more than a start, and of
 * two alike the later one. Takes the lock of the run's row.
 */
export async function saveRun(
  tx: Knex.Transaction,
  ids: { run: number; parent: number | null },
  facts: EventFacts,
): Promise<void> {
  const nodeId = ids.run;
  const known: { id: number; job: { namespace: string; name: string } }[] = [
    { id: nodeId, job: facts.job! },
  ];
  if (ids.parent !== null) {
    known.push({ id: ids.parent, job: facts.partOf!.job });
  }
  await tx('lineage_runs')
    .insert(
      known
        .sort((a, b) => a.id - b.id)
        .map(({ id, job }) => ({
          node_id: id,
          job_namespace: job.namespace,
          job_name: job.name,
        })),
    )
    .onConflict('node_id')
    .ignore();
  const row: RunRow = await tx<RunRow>('lineage_runs')
    .where({ node_id: nodeId })
    .forUpdate()
    .first()
    .then(found => found!);
  const change: Partial<RunRow> = {};
  if (ids.parent !== null && row.parent_id === null) {
    change.parent_id = ids.parent;
  }
  if (facts.jobType !== null && row.job_type === null) {
    change.job_type = facts.jobType;
  }
  const at = facts.at.getTime();
  const rank = RANKS[facts.state ?? 'OTHER'] ?? 0;
  const before = RANKS[row.state ?? 'OTHER'] ?? 0;
  if (
    rank > 0 &&
    (rank > before || (rank === before && at >= timeOf(row.state_at)))
  ) {
    Object.assign(change, { state: facts.state, state_at: facts.at });
  }
  if (rank === 1 && (row.started_at === null || at < timeOf(row.started_at))) {
    change.started_at = facts.at;
  }
  if (rank === 3 && at > timeOf(row.ended_at)) {
    change.ended_at = facts.at;
  }
  if (facts.commit !== null && at >= timeOf(row.commit_at)) {
    Object.assign(change, {
      commit: facts.commit,
      repository: facts.repository,
      commit_at: facts.at,
    });
  }
  if (Object.keys(change).length > 0) {
    await tx('lineage_runs').where({ node_id: nodeId }).update(change);
  }
}

function timeOf(value: DatabaseTime | null): number {
  return value === null ? Number.NEGATIVE_INFINITY : new Date(value).getTime();
}
