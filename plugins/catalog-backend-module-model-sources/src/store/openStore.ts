import {
  DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { FoundModelsStore } from './FoundModelsStore';

/** Tables in the catalog's database need a history of migrations of their own. */
const MIGRATIONS = {
  directory: resolvePackagePath(
    '@slipway/backstage-plugin-catalog-backend-module-model-sources',
    'migrations',
  ),
  tableName: 'slipway_model_sources_migrations',
};

/** Connects to the catalog's database and brings this module's tables up to date, unless the configuration skips that. */
export async function openStore(
  database: DatabaseService,
): Promise<FoundModelsStore> {
  const knex = await database.getClient();
  if (!database.migrations?.skip) {
    await migrate(knex);
  }
  return new FoundModelsStore(knex);
}

/** Runs the migrations that have not run yet. */
export async function migrate(knex: Knex): Promise<void> {
  await knex.migrate.latest(MIGRATIONS);
}
