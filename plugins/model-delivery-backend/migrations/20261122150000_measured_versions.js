// @ts-check

/**
 * Versions of a model are sorted and filtered by what they measured: its measurements are found by model, and lead on to the
 * place of their version in the list.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('measurements', table => {
    table.text('model_ref').nullable().comment('Model of the version');
    table
      .integer('position')
      .nullable()
      .comment('Order of registration of the version within its model');
  });
  await knex.raw(`
    update measurements set
      model_ref = (select versions.model_ref from versions where versions.id = measurements.version_id),
      position = (select versions.position from versions where versions.id = measurements.version_id)
  `);
  await knex.schema.alterTable('measurements', table => {
    table.index(
      ['model_ref', 'fact', 'name', 'value', 'position'],
      'measurements_by_value',
    );
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('measurements', table => {
    table.dropIndex([], 'measurements_by_value');
  });
  await knex.raw('alter table measurements drop column model_ref');
  await knex.raw('alter table measurements drop column position');
};
