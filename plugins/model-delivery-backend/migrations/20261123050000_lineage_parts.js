// @ts-check

/**
 * Runs that are part of another run, such as a task of a scheduler's run, or a query of a task.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('lineage_runs', table => {
    table
      .integer('parent_id')
      .nullable()
      .comment('Node of the run that it is part of');
    table
      .text('job_type')
      .nullable()
      .comment('Such as QUERY, as events told it');
    table.index(['parent_id'], 'lineage_runs_parent_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex('lineage_edges').where({ relation: 'part' }).delete();
  await knex.schema.alterTable('lineage_runs', table => {
    table.dropIndex(['parent_id'], 'lineage_runs_parent_idx');
    table.dropColumn('job_type');
    table.dropColumn('parent_id');
  });
};
