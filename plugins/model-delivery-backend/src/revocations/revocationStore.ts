import {
  Measurement,
  Revocation,
  RevocationEffects,
  RevocationMark,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Transaction } from '../database/UnitOfWork';
import { DatabaseTime, toIso } from '../database/values';
import { EvaluationName, WithdrawnFact } from './types';

/** A row of `revocations`. */
export interface RevocationRow {
  id: number;
  model_ref: string;
  version_id: string;
  evaluation_id: string;
  reason: string;
  revoked_by: string;
  revoked_at: DatabaseTime;
  effects: string;
  idempotency_key: string | null;
  /** Row of `data_faults` for which a policy revoked it; null for one that a person made alone. */
  fault_id: number | null;
  /** JSON, entity refs of whom the fault tells of it, the model's owner first; null where that was told by itself. */
  concerned: string | null;
}

/** A row with what names its version and evaluation. */
export interface JoinedRevocationRow extends RevocationRow {
  version: string;
  version_digest: string;
  evaluation: string;
  fact: WithdrawnFact['fact'];
  metrics: string;
}

/**
 * Stores a revocation that is made now.
 * @returns the id of its row
 */
export async function insertRevocation(
  tx: Transaction,
  revocation: {
    modelRef: string;
    versionId: string;
    evaluationId: string;
    reason: string;
    by: string;
    effects: RevocationEffects;
    idempotencyKey?: string;
    fault?: number;
    /** Entity refs of whom the fault tells of it; none where that is told by itself. */
    concerned?: string[];
  },
): Promise<number> {
  const { concerned } = revocation;
  const [{ id }]: { id: number }[] = await tx
    .knex('revocations')
    .insert({
      model_ref: revocation.modelRef,
      version_id: revocation.versionId,
      evaluation_id: revocation.evaluationId,
      reason: revocation.reason,
      revoked_by: revocation.by,
      revoked_at: tx.now,
      effects: JSON.stringify(revocation.effects),
      idempotency_key: revocation.idempotencyKey ?? null,
      fault_id: revocation.fault ?? null,
      concerned: concerned ? JSON.stringify(concerned) : null,
    })
    .returning('id');
  return id;
}

/** The query of revocations with what names their versions and evaluations. */
export function selectRevocations(knex: Knex) {
  return knex('revocations')
    .join('versions', 'versions.id', 'revocations.version_id')
    .join('evaluations', 'evaluations.id', 'revocations.evaluation_id')
    .select<JoinedRevocationRow[]>(
      'revocations.*',
      'versions.name as version',
      'versions.digest as version_digest',
      'evaluations.external_id as evaluation',
      'evaluations.fact as fact',
      'evaluations.metrics as metrics',
    );
}

/** Revocations of evaluations of the versions, oldest first. */
export async function findRevocationsOf(
  knex: Knex,
  versionIds: string[],
): Promise<JoinedRevocationRow[]> {
  return versionIds.length === 0
    ? []
    : selectRevocations(knex)
        .whereIn('revocations.version_id', versionIds)
        .orderBy('revocations.id');
}

/** What evaluations that were revoked had measured of the whole population, by version; the last revocation counts. */
export async function findWithdrawn(
  knex: Knex,
  versionIds: string[],
): Promise<Map<string, WithdrawnFact[]>> {
  const withdrawn = new Map<string, WithdrawnFact[]>(
    versionIds.map(id => [id, []]),
  );
  for (const row of await findRevocationsOf(knex, versionIds)) {
    withdrawn.get(row.version_id)?.unshift(...withdrawnBy(row));
  }
  return withdrawn;
}

/** What a revocation withdrew. */
export function withdrawnBy(row: JoinedRevocationRow): WithdrawnFact[] {
  return metricNames(row).map(name => ({
    fact: row.fact,
    name,
    mark: toMark(row),
  }));
}

/** Names of what the evaluation measured of the whole population. */
export function metricNames({ metrics }: { metrics: string }): string[] {
  return (JSON.parse(metrics) as Measurement[])
    .filter(each => each.slice === undefined)
    .map(each => each.name);
}

/** What names the evaluation that was revoked. */
export function toName(row: JoinedRevocationRow): EvaluationName {
  return {
    versionId: row.version_id,
    versionDigest: row.version_digest,
    evaluation: row.evaluation,
  };
}

/** Says in short that evidence was revoked. */
export function toMark(row: JoinedRevocationRow): RevocationMark {
  return {
    id: String(row.id),
    version: row.version,
    evaluation: row.evaluation,
    reason: row.reason,
    revokedBy: row.revoked_by,
    revokedAt: toIso(row.revoked_at),
  };
}

/** The revocation as the API shows it. */
export function toRevocation(row: JoinedRevocationRow): Revocation {
  return {
    ...toMark(row),
    model: row.model_ref,
    fact: row.fact,
    metrics: metricNames(row),
    effects: JSON.parse(row.effects),
  };
}
