// @ts-check

/**
 * When a model, or what is known of its delivery, last changed: whoever keeps an index of models rebuilds it only then.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('models', table => {
    table
      .datetime('changed_at')
      .nullable()
      .comment('When its row, a version or a deployment of it last changed');
    table.index(['changed_at'], 'models_changed_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('models', table => {
    table.dropIndex([], 'models_changed_idx');
  });
  await knex.raw('alter table models drop column changed_at');
};
