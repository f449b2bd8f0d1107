import { Transaction } from '../database/UnitOfWork';
import { EvaluationRow } from '../evaluations/EvaluationRecord';
import { ModelRecord } from '../models/ModelRecord';
import { VersionRecord } from '../versions/VersionRecord';
import { recordRevoked } from './recordRevoked';
import { insertRevocation } from './revocationStore';
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
  const id = await insertRevocation(tx, {
    modelRef: model.ref,
    versionId: version.id,
    evaluationId: evaluation.id,
    reason,
    by,
    effects,
    idempotencyKey: reported.idempotencyKey,
    fault: because.fault,
  });
  recordRevoked(tx, { ...reported, revocation: id, effects });
}
