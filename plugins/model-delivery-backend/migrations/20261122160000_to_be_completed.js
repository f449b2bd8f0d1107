// @ts-check

/**
 * What nobody has stated yet of a model that was found in a registry or a file.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('models', table => {
    table
      .text('to_be_completed')
      .nullable()
      .comment('Fields of the entity, separated by commas; null when complete');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('alter table models drop column to_be_completed');
};
