import { Knex } from 'knex';

/**
 * Reads in the one process of PostgreSQL that the connection has: for statements that find a few rows by their order, for which
 * starting further ones takes longer than all of the rest. Elsewhere it reads as it would have.
 */
export async function inOneProcess<T>(
  knex: Knex,
  read: (knex: Knex) => Promise<T>,
): Promise<T> {
  if (knex.client.config.client !== 'pg') {
    return read(knex);
  }
  return knex.transaction(async tx => {
    await tx.raw('set local max_parallel_workers_per_gather = 0');
    return read(tx);
  });
}
