import { randomUUID } from 'node:crypto';
import { Transaction } from '../database/UnitOfWork';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { findDecisions } from '../approvals/decisionStore';
import { PromotionRecord } from '../promotions/types';
import { findDeploymentOf, findServing } from './deploymentStore';

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
  const known = await findDeploymentOf(tx.knex, record.id, 'promotion');
  const id = known?.id ?? randomUUID();
  const isFull = share >= 100;
  const others = (
    await findServing(tx.knex, record.modelRef, record.environment)
  ).filter(each => each.id !== id);
  // What is superseded ends before what supersedes it is full, so that no two are full at once.
  for (const other of others) {
    await tx
      .knex('deployments')
      .where({ id: other.id })
      .update(
        isFull
          ? { ended_at: tx.now, outcome: 'superseded' }
          : { share: 100 - share },
      );
  }
  if (known) {
    await tx
      .knex('deployments')
      .where({ id })
      .update({ share, ...(isFull && { full_traffic_at: tx.now }) });
  } else {
    await tx.knex('deployments').insert({
      id,
      model_ref: record.modelRef,
      version_id: record.versionId,
      environment: record.environment,
      environment_tier: record.environmentTier,
      origin: 'slipway',
      kind: 'promotion',
      share,
      started_at: tx.now,
      full_traffic_at: isFull ? tx.now : null,
      outcome: 'rolling-out',
      promotion_id: record.id,
      requested_by: record.requestedBy,
      approved_by: JSON.stringify(await approversOf(tx, record)),
      reason: record.reason,
    });
    await metrics.deploymentStarted(tx, id);
  }
  if (isFull) {
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
  const candidate = await findDeploymentOf(tx.knex, record.id, 'promotion');
  if (!candidate) {
    return;
  }
  await tx
    .knex('deployments')
    .where({ id: candidate.id })
    .update({ ended_at: tx.now, outcome: 'rolled-back' });
  const restored = await tx
    .knex('deployments')
    .where({ id: record.fromDeploymentId ?? '' })
    .whereNull('ended_at')
    .update({ share: 100 });
  if (restored === 0 && record.fromVersionId) {
    await insertRollback(tx, record, record.fromVersionId);
  }
  await metrics.restored(tx, candidate.id, tx.now);
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
  const serving = await findServing(
    tx.knex,
    record.modelRef,
    record.environment,
  );
  const displaced = serving.filter(each => each.versionId !== record.versionId);
  for (const each of displaced) {
    await metrics.failed(tx, each.id, record.requestedAt, 'rolled-back');
    await tx.knex('deployments').where({ id: each.id }).update({
      ended_at: tx.now,
      outcome: 'rolled-back',
      failure_detected_at: record.requestedAt,
    });
    await metrics.restored(tx, each.id, tx.now);
  }
  const kept = serving.find(each => each.versionId === record.versionId);
  if (kept) {
    await tx.knex('deployments').where({ id: kept.id }).update({ share: 100 });
  } else {
    await insertRollback(tx, record, record.versionId);
  }
}

async function insertRollback(
  tx: Transaction,
  record: PromotionRecord,
  versionId: string,
): Promise<void> {
  await tx.knex('deployments').insert({
    id: randomUUID(),
    model_ref: record.modelRef,
    version_id: versionId,
    environment: record.environment,
    environment_tier: record.environmentTier,
    origin: 'slipway',
    kind: 'rollback',
    share: 100,
    started_at: tx.now,
    full_traffic_at: tx.now,
    outcome: 'serving',
    promotion_id: record.id,
    requested_by: record.requestedBy,
    approved_by: '[]',
    reason: record.reason,
  });
}

async function approversOf(
  tx: Transaction,
  record: PromotionRecord,
): Promise<string[]> {
  return (await findDecisions(tx.knex, record.id))
    .filter(each => each.decision === 'approve' && each.voided === null)
    .map(each => each.decidedBy);
}
