import { Knex } from 'knex';

/** The job type of a query that a run sent: a run of its own in OpenLineage, beside what its sender tells. */
const QUERY = 'QUERY';

/**
 * Writes what a query did for the run that it is part of: one that only reads leads to that run, and the run to one that
 * only writes, so that what one query read and another one wrote hangs together. Other parts stand for themselves: the
 * tasks of a scheduler's run are not all made of one another. By all that is known of the run, so that the order of its
 * events does not matter; the lock of its row is held.
 *
 * @param runId - Node of the run of which something new is known
 */
export async function recordPart(
  tx: Knex.Transaction,
  runId: number,
): Promise<void> {
  const row: { parent_id: number } | undefined = await tx('lineage_runs')
    .where({ node_id: runId, job_type: QUERY })
    .whereNotNull('parent_id')
    .first('parent_id');
  if (!row) {
    return;
  }
  const reads = await isThere(tx, { target_id: runId, relation: 'input' });
  const writes = await isThere(tx, { source_id: runId, relation: 'output' });
  const { parent_id: parent } = row;
  await saveOrDrop(
    tx,
    { source_id: runId, target_id: parent },
    reads && !writes,
  );
  await saveOrDrop(
    tx,
    { source_id: parent, target_id: runId },
    writes && !reads,
  );
}

async function isThere(
  tx: Knex.Transaction,
  edge: { source_id?: number; target_id?: number; relation: string },
): Promise<boolean> {
  return (
    (await tx('lineage_edges').where(edge).first('relation')) !== undefined
  );
}

async function saveOrDrop(
  tx: Knex.Transaction,
  ends: { source_id: number; target_id: number },
  isSo: boolean,
): Promise<void> {
  const edge = { ...ends, relation: 'part' };
  if (isSo) {
    await tx('lineage_edges')
      .insert(edge)
      .onConflict(['source_id', 'target_id'])
      .ignore();
  } else {
    await tx('lineage_edges').where(edge).delete();
  }
}
