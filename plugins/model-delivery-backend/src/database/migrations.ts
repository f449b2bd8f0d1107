import {
  DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { Knex } from 'knex';

/**
 * Connects to the plugin's database and brings its schema up to date, unless the configuration says to skip that.
 */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  await tuneSqlite(knex);
  if (!database.migrations?.skip) {
    await migrate(knex);
  }
  return knex;
}

/** Runs the migrations that have not run yet. */
export async function migrate(knex: Knex): Promise<void> {
  await knex.migrate.latest({
    directory: resolvePackagePath(
      '@slipway/backstage-plugin-model-delivery-backend',
      'migrations',
    ),
  });
}

/**
 * Lets SQLite write ahead: a commit then costs one append instead of making, syncing and deleting a journal, and readers do
 * not wait for it. What was committed survives the end of the process; a power cut may cost the last commits, never the
 * file.
 */
async function tuneSqlite(knex: Knex): Promise<void> {
  if (knex.client.config.client === 'better-sqlite3') {
    await knex.raw('PRAGMA journal_mode = WAL');
    await knex.raw('PRAGMA synchronous = NORMAL');
  }
}
