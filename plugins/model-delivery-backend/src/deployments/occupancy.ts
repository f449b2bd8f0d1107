import { randomUUID } from 'node:crypto';
import { Transaction } from '../database/UnitOfWork';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { findDecisions } from '../approvals/decisionStore';
import { PromotionRecord } from '../promotions/types';
import { followServing } from '../registries/followedAliasStore';
import { findTransition } from '../audit/findTransition';
import {
  findDeploymentOf,
  findEarlier,
  findServing,
  StoredApprover,
} from './deploymentStore';
import { beginOccupancy } from './occupy';
import { insertDeployment, writeShare } from './shareStore';

/**
 * Writes that a promotion's version now takes a share of the traffic: the first time as a new deployment, at 100 % as
 * the one that supersedes what served before.
 */
export async function recordTraffic(
  tx: Transaction,
  metrics: MetricsRecorder,
  record: PromotionRecord,
  share: number,
): Promise<void> {
  const at = await beginOccupancy(tx, record);
  const known = await findDeploymentOf(tx.knex, record.id, 'promotion');
  const id = known?.id ?? randomUUID();
  const isFull = share >= 100;
  const others = (
    await findServing(tx.knex, record.modelRef, record.environment)
  ).filter(each => each.id !== id);
  // What is superseded ends before what supersedes it is full, so that no two are full at once.
  for (const other of others) {
    if (isFull) {
      await tx
        .knex('deployments')
        .where({ id: other.id })
        .update({ ended_at: at, outcome: 'superseded' });
    } else {
      await writeShare(tx, other.id, 100 - share, at);
    }
  }
  if (known) {
    await writeShare(tx, id, share, at);
    await tx
      .knex('deployments')
      .where({ id })
      // A last step that is repeated does not make it full anew
      .whereNull('full_traffic_at')
      .update({ full_traffic_at: isFull ? at : null });
  } else {
    await insertDeployment(tx, {
      id,
      model_ref: record.modelRef,
      version_id: record.versionId,
      environment: record.environment,
      environment_tier: record.environmentTier,
      origin: 'slipway',
      kind: 'promotion',
      share,
      started_at: at,
      full_traffic_at: isFull ? at : null,
      outcome: 'rolling-out',
      promotion_id: record.id,
      requested_by: record.requestedBy,
      approved_by: JSON.stringify(await approversOf(tx, record)),
      reason: record.reason,
    });
    await metrics.deploymentStarted(tx, id);
  }
  if (isFull && !known?.fullTrafficAt) {
    await metrics.reachedFullTraffic(tx, id);
  }
}

/** Writes that a promotion's version serves for good. */
export async function recordSuccess(
  tx: Transaction,
  record: PromotionRecord,
): Promise<void> {
  await tx
    .knex('deployments')
    .where({ promotion_id: record.id, kind: 'promotion' })
    .whereNull('ended_at')
    .update({ outcome: 'serving' });
}

/** Writes that a promotion's version was found to be bad; that the service is restored comes later. */
export async function recordFailure(
  tx: Transaction,
  metrics: MetricsRecorder,
  record: PromotionRecord,
): Promise<void> {
  const candidate = await findDeploymentOf(tx.knex, record.id, 'promotion');
  if (candidate) {
    await metrics.failed(tx, candidate.id, tx.now, 'rolled-back');
    await tx
      .knex('deployments')
      .where({ id: candidate.id })
      .update({ failure_detected_at: tx.now });
  }
}

/** Writes that all traffic of a promotion's version went back to what served before it. */
export async function recordReturn(
  tx: Transaction,
  metrics: MetricsRecorder,
  record: PromotionRecord,
): Promise<void> {
  const at = await beginOccupancy(tx, record);
  const candidate = await findDeploymentOf(tx.knex, record.id, 'promotion');
  if (!candidate) {
    return;
  }
  await tx
    .knex('deployments')
    .where({ id: candidate.id })
    .update({ ended_at: at, outcome: 'rolled-back' });
  const kept = (
    await findServing(tx.knex, record.modelRef, record.environment)
  ).find(each => each.id === record.fromDeploymentId);
  if (kept) {
    await writeShare(tx, kept.id, 100, at);
  } else if (record.fromVersionId) {
    await insertRollback(tx, record, record.fromVersionId, at);
  }
  await metrics.restored(tx, candidate.id, at);
  await followServing(tx, record);
}

/**
 * Writes that a rollback gave all traffic to an earlier version: what it displaced failed when the rollback was asked
 * for, and the service is restored now.
 */
export async function recordRollback(
  tx: Transaction,
  metrics: MetricsRecorder,
  record: PromotionRecord,
): Promise<void> {
  const at = await beginOccupancy(tx, record);
  const serving = await findServing(
    tx.knex,
    record.modelRef,
    record.environment,
  );
  const displaced = serving.filter(each => each.versionId !== record.versionId);
  for (const each of displaced) {
    await metrics.failed(tx, each.id, record.requestedAt, 'rolled-back');
    await tx.knex('deployments').where({ id: each.id }).update({
      ended_at: at,
      outcome: 'rolled-back',
      failure_detected_at: record.requestedAt,
    });
    await metrics.restored(tx, each.id, at);
  }
  const kept = serving.find(each => each.versionId === record.versionId);
  if (kept) {
    await writeShare(tx, kept.id, 100, at);
    await tx
      .knex('deployments')
      .where({ id: kept.id })
      .whereNull('full_traffic_at')
      .update({ full_traffic_at: at });
  } else {
    await insertRollback(tx, record, record.versionId, at);
  }
  await followServing(tx, record);
}

async function insertRollback(
  tx: Transaction,
  record: PromotionRecord,
  versionId: string,
  at: Date,
): Promise<void> {
  const restored = await findEarlier(tx, record, versionId);
  const by = await rolledBackBy(tx, record);
  await insertDeployment(tx, {
    id: randomUUID(),
    model_ref: record.modelRef,
    version_id: versionId,
    environment: record.environment,
    environment_tier: record.environmentTier,
    origin: 'slipway',
    kind: 'rollback',
    share: 100,
    started_at: at,
    full_traffic_at: at,
    outcome: 'serving',
    promotion_id: record.id,
    requested_by: record.requestedBy,
    approved_by: '[]',
    reason: record.reason,
    restores_deployment_id: restored?.id ?? null,
    rolled_back_by: by?.actor ?? null,
    rolled_back_because: by?.reason ?? null,
  });
}

/** Who took back what served, and why: by a rollback, or by ending a rollout that had all traffic already. */
async function rolledBackBy(
  tx: Transaction,
  record: PromotionRecord,
): Promise<{ actor: string; reason: string | null } | undefined> {
  return record.kind === 'rollback'
    ? { actor: record.requestedBy, reason: record.note }
    : findTransition(tx.knex, record.id, 'rolling-back');
}

async function approversOf(
  tx: Transaction,
  record: PromotionRecord,
): Promise<StoredApprover[]> {
  return (await findDecisions(tx.knex, record.id))
    .filter(each => each.decision === 'approve' && each.voided === null)
    .map(({ decidedBy: by, onBehalfOf }) =>
      onBehalfOf ? { by, onBehalfOf } : by,
    );
}
