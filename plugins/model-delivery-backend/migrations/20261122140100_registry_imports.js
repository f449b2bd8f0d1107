// @ts-check

const COLUMNS = ['import_started_at', 'import_versions', 'import_reached_at'];

/**
 * How far the reading of everything is, while a registry is read for the first time or over again.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('registry_connections', table => {
    table
      .datetime('import_started_at')
      .nullable()
      .comment('Since when everything is being read; null when it is not');
    table
      .integer('import_versions')
      .notNullable()
      .defaultTo(0)
      .comment('Versions that were read since');
    table
      .datetime('import_reached_at')
      .nullable()
      .comment('Until which creation the reading came, if it goes by that');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const column of COLUMNS) {
    await knex.raw(`alter table registry_connections drop column ${column}`);
  }
};
