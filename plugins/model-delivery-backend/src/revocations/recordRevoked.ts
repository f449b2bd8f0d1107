import { RevocationEffects } from '@slipway/backstage-plugin-model-delivery-common';
import { Transaction } from '../database/UnitOfWork';
import { EvaluationRow } from '../evaluations/EvaluationRecord';
import { ModelRecord } from '../models/ModelRecord';
import { VersionRecord } from '../versions/VersionRecord';
import { metricNames } from './revocationStore';
import { Enforcement } from './types';

/** Writes a revocation into the audit log. */
export function recordRevoked(
  tx: Transaction,
  revoked: {
    model: ModelRecord;
    version: VersionRecord;
    evaluation: EvaluationRow;
    revocation: number;
    by: string;
    reason: string;
    effects: RevocationEffects;
    because?: Enforcement;
  },
): void {
  const { model, version, evaluation, reason, because } = revoked;
  tx.record({
    actor: revoked.by,
    action: 'evidence.revoked',
    model: model.ref,
    subject: `version:${model.name}/${version.name}`,
    summary: `Revoked the evaluation ${evaluation.external_id} of version ${version.name} of ${model.title}: ${reason}`,
    details: {
      revocation: String(revoked.revocation),
      evaluation: evaluation.external_id,
      evaluationDigest: evaluation.digest,
      versionDigest: version.digest,
      fact: evaluation.fact,
      metrics: metricNames(evaluation),
      effects: revoked.effects,
      ...(because && {
        fault: String(because.fault),
        policy: because.policy,
      }),
    },
  });
}
