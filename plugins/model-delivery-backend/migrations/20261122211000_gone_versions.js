// @ts-check

/**
 * Versions that were deleted in their registry, or whose model was renamed there, after they were read.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('registry_versions', table => {
    table
      .datetime('gone_at')
      .nullable()
      .comment('When it was found missing; null once it is told of again');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('registry_versions', table => {
    table.dropColumn('gone_at');
  });
};
