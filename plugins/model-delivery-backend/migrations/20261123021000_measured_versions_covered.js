// @ts-check

/**
 * Versions in the order of a metric are read from the index alone: it says which version measured it, too.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('measurements', table => {
    table.index(
      ['model_ref', 'fact', 'name', 'value', 'position', 'version_id'],
      'measurements_in_order',
    );
    table.dropIndex([], 'measurements_by_value');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('measurements', table => {
    table.index(
      ['model_ref', 'fact', 'name', 'value', 'position'],
      'measurements_by_value',
    );
    table.dropIndex([], 'measurements_in_order');
  });
};
