import { Transaction } from '../database/UnitOfWork';
import { EvaluationRow } from '../evaluations/EvaluationRecord';
import { ModelRecord } from '../models/ModelRecord';
import { VersionRecord } from '../versions/VersionRecord';
import { recordRevoked } from './recordRevoked';
import { Enforcement } from './types';

/**
 * Revokes an evaluation within the transaction that records it, so that no gate ever reads it. Its measurements must not
 * have been kept; nothing rests on it yet.
 */
export async function revokeReported(
  tx: Transaction,
  reported: {
    model: ModelRecord;
    version: VersionRecord;
    evaluation: EvaluationRow;
    by: string;
    reason: string;
    idempotencyKey: string;
    because: Enforcement;
  },
): Promise<void> {
  const { model, version, evaluation, by, reason, because } = reported;
  const effects = { promotions: [], deployments: [] };
  const [{ id }]: { id: number }[] = await tx
    .knex('revocations')
    .insert({
      model_ref: model.ref,
      version_id: version.id,
      evaluation_id: evaluation.id,
      reason,
      revoked_by: by,
      revoked_at: tx.now,
      effects: JSON.stringify(effects),
      idempotency_key: reported.idempotencyKey,
      fault_id: because.fault,
    })
    .returning('id');
  recordRevoked(tx, { ...reported, revocation: id, effects });
}
