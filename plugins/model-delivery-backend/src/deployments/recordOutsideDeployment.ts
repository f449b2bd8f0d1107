import { ConflictError } from '@backstage/errors';
import { DeploymentRecord } from '@slipway/backstage-plugin-model-delivery-common';
import { randomUUID } from 'node:crypto';
import { Transaction } from '../database/UnitOfWork';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { PolicyEnvironment } from '../policies/types';
import {
  findDeployment,
  findEarlier,
  selectDeployments,
  toDeploymentFact,
} from './deploymentStore';
import { lockOccupancy } from './occupy';
import { insertDeployment } from './shareStore';
import { DeploymentFact } from './types';

/**
 * Writes a deployment that was made outside, and ends the recorded one that it replaces. Nothing that Slipway itself
 * deployed is changed, and no two deployments overlap.
 * @throws ConflictError
 */
export async function recordOutsideDeployment(
  tx: Transaction,
  metrics: MetricsRecorder,
  options: {
    actor: string;
    modelRef: string;
    versionId: string;
    environment: PolicyEnvironment;
    body: DeploymentRecord;
  },
): Promise<{ fact: DeploymentFact; isNew: boolean }> {
  const { modelRef, versionId, environment, body } = options;
  await lockOccupancy(tx, modelRef);
  const repeated = await selectDeployments(tx.knex)
    .where({
      'deployments.model_ref': modelRef,
      'deployments.external_id': body.id,
    })
    .first();
  if (repeated) {
    const fact = toDeploymentFact(repeated);
    assertSame(fact, options);
    return { fact, isNew: false };
  }
  const startedAt = new Date(body.startedAt);
  const endedAt = body.endedAt ? new Date(body.endedAt) : null;
  await refuseDuringRollout(tx, modelRef, environment.name);
  for (const other of await findOverlapping(tx, options, startedAt, endedAt)) {
    const isReplaced =
      other.origin === 'recorded' &&
      other.endedAt === null &&
      other.startedAt < startedAt;
    if (!isReplaced) {
      throw new ConflictError(
        `The deployment would overlap that of ${other.version} in ${
          environment.name
        } from ${other.startedAt.toISOString()} to ${
          other.endedAt?.toISOString() ?? 'now'
        }${other.origin === 'slipway' ? ', which Slipway made itself' : ''}`,
      );
    }
    await end(tx, metrics, other, startedAt, body);
  }
  const id = randomUUID();
  const isRolledBack = body.outcome === 'rolled-back';
  const settledOutcome = endedAt ? 'superseded' : 'serving';
  const restored = body.restores
    ? await findEarlier(
        tx,
        { modelRef, environment: environment.name },
        versionId,
      )
    : undefined;
  await insertDeployment(tx, {
    id,
    model_ref: modelRef,
    version_id: versionId,
    environment: environment.name,
    environment_tier: environment.tier,
    origin: 'recorded',
    kind: body.restores ? 'rollback' : 'promotion',
    share: 100,
    started_at: startedAt,
    full_traffic_at: startedAt,
    ended_at: endedAt,
    outcome: isRolledBack ? 'rolled-back' : settledOutcome,
    external_id: body.id,
    proves: !(await hasDeployed(tx, modelRef, environment.name)),
    recorded_by: options.actor,
    requested_by: body.requestedBy ?? null,
    approved_by: JSON.stringify(body.approvedBy ?? []),
    reason: body.reason ?? null,
    restores_deployment_id: restored?.id ?? null,
    rolled_back_by: body.restores ? body.requestedBy ?? null : null,
    failure_detected_at: body.failureDetectedAt
      ? new Date(body.failureDetectedAt)
      : null,
  });
  await metrics.deploymentStarted(tx, id);
  await metrics.reachedFullTraffic(tx, id);
  if (isRolledBack) {
    await markFailed(tx, metrics, id, endedAt!, body.failureDetectedAt);
  }
  tx.record({
    actor: options.actor,
    action: 'deployment.recorded',
    model: modelRef,
    subject: `deployment:${id}`,
    summary: `Recorded that ${body.version} served in ${
      environment.name
    } from ${body.startedAt}${body.endedAt ? ` to ${body.endedAt}` : ''}`,
    details: { record: body },
  });
  const fact = await findDeployment(tx.knex, id);
  return { fact: fact!, isNew: true };
}

/** Whether Slipway itself ever put a version there. From then on it knows what served, and needs nobody's word. */
async function hasDeployed(
  tx: Transaction,
  modelRef: string,
  environment: string,
): Promise<boolean> {
  const own = await tx
    .knex('deployments')
    .where({ model_ref: modelRef, environment, origin: 'slipway' })
    .whereNotNull('full_traffic_at')
    .first('id');
  return own !== undefined;
}

function assertSame(
  fact: DeploymentFact,
  {
    versionId,
    environment,
    body,
  }: {
    versionId: string;
    environment: PolicyEnvironment;
    body: DeploymentRecord;
  },
): void {
  if (
    fact.versionId !== versionId ||
    fact.environment !== environment.name ||
    fact.startedAt.getTime() !== Date.parse(body.startedAt)
  ) {
    throw new ConflictError(
      `The id '${body.id}' was used for the deployment of ${fact.version} in ${
        fact.environment
      } from ${fact.startedAt.toISOString()}, which is another one`,
    );
  }
}

async function refuseDuringRollout(
  tx: Transaction,
  modelRef: string,
  environment: string,
): Promise<void> {
  const lock = await tx
    .knex('environment_locks')
    .where({ model_ref: modelRef, environment })
    .first('promotion_id');
  if (lock) {
    throw new ConflictError(
      `Promotion ${lock.promotion_id} moves traffic of ${environment} now; record the deployment when it is over`,
    );
  }
}

async function findOverlapping(
  tx: Transaction,
  {
    modelRef,
    environment,
  }: { modelRef: string; environment: PolicyEnvironment },
  startedAt: Date,
  endedAt: Date | null,
): Promise<DeploymentFact[]> {
  const rows = await selectDeployments(tx.knex)
    .where({
      'deployments.model_ref': modelRef,
      'deployments.environment': environment.name,
    })
    .where(open =>
      open
        .whereNull('deployments.ended_at')
        .orWhere('deployments.ended_at', '>', startedAt),
    )
    .modify(query => {
      if (endedAt) {
        query.where('deployments.started_at', '<', endedAt);
      }
    });
  return rows.map(toDeploymentFact);
}

/** Ends a recorded deployment at the start of the one that replaces it, as failed when that one restored an earlier version. */
async function end(
  tx: Transaction,
  metrics: MetricsRecorder,
  replaced: DeploymentFact,
  at: Date,
  by: DeploymentRecord,
): Promise<void> {
  await tx
    .knex('deployments')
    .where({ id: replaced.id })
    .update({
      ended_at: at,
      outcome: by.restores ? 'rolled-back' : 'superseded',
    });
  if (by.restores) {
    await markFailed(tx, metrics, replaced.id, at, undefined);
  }
}

async function markFailed(
  tx: Transaction,
  metrics: MetricsRecorder,
  id: string,
  restoredAt: Date,
  detectedAt: string | undefined,
): Promise<void> {
  await metrics.failed(
    tx,
    id,
    detectedAt ? new Date(detectedAt) : restoredAt,
    'rolled-back',
  );
  await metrics.restored(tx, id, restoredAt);
}
