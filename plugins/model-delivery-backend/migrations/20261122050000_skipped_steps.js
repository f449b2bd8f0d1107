// @ts-check

/**
 * Steps of a rollout that somebody skipped while they ran.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('rollout_steps', table => {
    table
      .text('skipped_by')
      .nullable()
      .comment('Entity ref of who skipped it; null for what never came');
    table.datetime('skipped_at').nullable();
    table.text('skip_reason').nullable();
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('rollout_steps', table => {
    table.dropColumns('skipped_by', 'skipped_at', 'skip_reason');
  });
};
