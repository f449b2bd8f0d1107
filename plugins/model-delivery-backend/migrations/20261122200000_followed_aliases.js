// @ts-check

/**
 * Where something else serves than before, so that the alias of the registry has to follow: set by whichever replica has the
 * registry, and again until it succeeds.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('followed_aliases', table => {
    table.comment('Aliases of registries that have to follow what serves');
    table.text('model_ref').notNullable();
    table.text('environment').notNullable();
    table
      .integer('revision')
      .notNullable()
      .comment('One more each time that something else serves');
    table.datetime('due_at').notNullable().comment('When to try');
    table.integer('attempts').notNullable().defaultTo(0);
    table.text('error').nullable().comment('Why the last attempt failed');
    table.primary(['model_ref', 'environment']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('followed_aliases');
};
