import { Transaction } from '../database/UnitOfWork';
import { DatabaseTime, toDate } from '../database/values';

/** A model's environment. */
export interface Place {
  modelRef: string;
  environment: string;
}

/**
 * Orders the changes of what serves of a model, until the end of the transaction: what is read after it is what the change
 * before left. It comes before any row of deployments, of locks of environments and of promotions is locked, so that
 * changes wait for one another and never in a circle.
 */
export async function lockOccupancy(
  tx: Transaction,
  modelRef: string,
): Promise<void> {
  // SQLite has one transaction at a time as it is.
  if (tx.knex.client.config.client === 'pg') {
    await tx.knex.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [
      `slipway occupancy of ${modelRef}`,
    ]);
  }
}

/**
 * Begins a change of what serves: takes its turn and says the moment of it. That is now, or the last moment that the
 * history of the place knows, if that is later: clocks of replicas differ and jump, and a deployment that ended before it
 * began, or began before the one that it replaces, would leave a gap or an overlap.
 */
export async function beginOccupancy(
  tx: Transaction,
  { modelRef, environment }: Place,
): Promise<Date> {
  await lockOccupancy(tx, modelRef);
  const deployments = () =>
    tx.knex('deployments').where({ model_ref: modelRef, environment });
  const rows: { at: DatabaseTime | null }[] = await tx.knex.unionAll([
    deployments().max('started_at as at'),
    deployments().max('full_traffic_at as at'),
    deployments().max('ended_at as at'),
    deployments()
      .join(
        'deployment_shares',
        'deployment_shares.deployment_id',
        'deployments.id',
      )
      .whereNull('ended_at')
      .max('since as at'),
  ]);
  const known = rows.flatMap(row => (row.at === null ? [] : [toDate(row.at)]));
  return new Date(
    Math.max(tx.now.getTime(), ...known.map(each => each.getTime())),
  );
}
