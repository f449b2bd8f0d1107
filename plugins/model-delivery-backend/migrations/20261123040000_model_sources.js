// @ts-check

/**
 * How the places are that models of the catalog are found in, as whoever reads them reports.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('model_sources', table => {
    table.comment('Sources of models, as last reported');
    table.string('id', 100).notNullable().primary();
    table
      .datetime('attempted_at')
      .nullable()
      .comment('When it was last read, or tried to');
    table.text('report').notNullable().comment('JSON: what was reported');
    table.datetime('reported_at').notNullable();
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('model_sources');
};
