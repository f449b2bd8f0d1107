// @ts-check

/**
 * What a registry measured of its versions, apart from what is shown of many of them at once.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('registry_versions', table => {
    table
      .text('evaluations')
      .nullable()
      .comment(
        'JSON, RegistryEvaluation[]: for a version that is registered here later; null without any',
      );
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('registry_versions', table => {
    table.dropColumn('evaluations');
  });
};
