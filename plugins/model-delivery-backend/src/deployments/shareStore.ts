import { Knex } from 'knex';
import { Transaction } from '../database/UnitOfWork';
import type { DeploymentRow } from './deploymentStore';

/**
 * Writes what share of the traffic, in percent, a deployment has from a moment on: the present one of its row, and the
 * history of its shares, from which nothing is taken away. A share that it has already is not written again.
 */
export async function writeShare(
  tx: Transaction,
  deploymentId: string,
  share: number,
  at: Date,
): Promise<void> {
  const changed = await tx
    .knex('deployments')
    .where({ id: deploymentId })
    .whereNot({ share })
    .update({ share });
  if (changed > 0) {
    await addShare(tx, deploymentId, share, at);
  }
}

/** Writes a deployment that is new, and the share with which it began. */
export async function insertDeployment(
  tx: Transaction,
  row: Pick<DeploymentRow, 'id' | 'share'> & { started_at: Date } & Omit<
      Partial<DeploymentRow>,
      'started_at'
    >,
): Promise<void> {
  await tx.knex('deployments').insert(row);
  await addShare(tx, row.id, row.share, row.started_at);
}

async function addShare(
  tx: Transaction,
  deploymentId: string,
  share: number,
  since: Date,
): Promise<void> {
  await tx
    .knex('deployment_shares')
    .insert({ deployment_id: deploymentId, since, share })
    // Two changes at one moment: nobody ever saw the first
    .onConflict(['deployment_id', 'since'])
    .merge(['share']);
}

/**
 * The share that each deployment of a query had at a moment, as a column. What has no history of its shares always had
 * the one of its row.
 */
export function shareAt(knex: Knex, at: Date): Knex.Raw {
  return knex.raw(
    `coalesce((
       select deployment_shares.share from deployment_shares
       where deployment_shares.deployment_id = deployments.id and deployment_shares.since <= ?
       order by deployment_shares.since desc limit 1
     ), deployments.share) as share_then`,
    [at],
  );
}
