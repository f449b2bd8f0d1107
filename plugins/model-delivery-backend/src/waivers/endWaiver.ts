import { Transaction } from '../database/UnitOfWork';
import { notifyWaiverEnded } from './notifications';
import { JoinedWaiverRow, verdictOf, WaiverEnd } from './waiverStore';

/**
 * Ends an open waiver, and tells those whom it concerns.
 * @returns whether it was open until now
 */
export async function endWaiverRow(
  tx: Transaction,
  row: JoinedWaiverRow,
  end: WaiverEnd,
): Promise<boolean> {
  const by = end.by ?? 'service:model-delivery';
  const changed = await tx
    .knex('waivers')
    .where({ id: row.id, state: row.state })
    .update({
      state: end.state,
      ended_at: tx.now,
      ended_by: by,
      ended_because: end.because,
    });
  if (changed === 0) {
    return false;
  }
  const { title } = verdictOf(row);
  tx.record({
    actor: by,
    action: `waiver.${end.state}`,
    model: row.model_ref,
    subject: `waiver:${row.id}`,
    summary: `The waiver of '${title}' for ${row.version} in ${row.environment} ended: ${end.because}`,
    details: {
      gate: row.gate,
      before: row.state,
      subjectDigest: row.subject_digest,
    },
  });
  notifyWaiverEnded(tx, row, end);
  return true;
}
