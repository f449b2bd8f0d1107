// @ts-check

/**
 * Finds the versions of a registry that are still to be registered here model by model, since those of one model are
 * registered together.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('registry_versions', table => {
    table.dropIndex(['adopt_after'], 'registry_versions_adopt_idx');
    table.index(
      ['registry_type', 'registry_id', 'model', 'adopt_after', 'version'],
      'registry_versions_adoptable_idx',
      { predicate: knex.whereNotNull('adopt_after') },
    );
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('registry_versions', table => {
    table.dropIndex([], 'registry_versions_adoptable_idx');
    table.index(['adopt_after'], 'registry_versions_adopt_idx');
  });
};
