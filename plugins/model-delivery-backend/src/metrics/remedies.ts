import { Knex } from 'knex';
import { DatabaseTime } from '../database/values';
import { syncFailure } from './recordFailures';

/** A row of `metric_deployments`, as far as failures and fixes need it. */
export interface MetricDeployment {
  model_ref: string;
  deployment_id: string;
  at: DatabaseTime;
  full_traffic_at: DatabaseTime | null;
  rework: boolean | number | null;
  fixes_deployment_id: string | null;
  remedy: string | null;
}

/** The counted deployment, undefined when it is not counted. */
export async function findMetric(
  tx: Knex.Transaction,
  deploymentId: string,
): Promise<MetricDeployment | undefined> {
  return tx<MetricDeployment>('metric_deployments')
    .where({ deployment_id: deploymentId })
    .first();
}

/** Counts a production deployment as failed. */
export async function recordRemedy(
  tx: Knex.Transaction,
  deploymentId: string,
  detectedAt: Date,
  remedy: 'rolled-back' | 'hot-fixed',
): Promise<void> {
  const changed = await tx('metric_deployments')
    .where({ deployment_id: deploymentId })
    .update({ remedy, remedy_detected_at: detectedAt });
  if (changed > 0) {
    await syncFailure(tx, deploymentId);
  }
}

/** Notes when the service was restored after a deployment's failure. */
export async function recordRestored(
  tx: Knex.Transaction,
  deploymentId: string,
  restoredAt: Date,
): Promise<void> {
  const changed = await tx('metric_deployments')
    .where({ deployment_id: deploymentId })
    .whereNotNull('remedy')
    .update({ remedy_restored_at: restoredAt });
  if (changed > 0) {
    await syncFailure(tx, deploymentId);
  }
}
