// @ts-check

/**
 * What the policies did with the versions that a faulty data set affected. Those of before were never decided by a policy.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('data_faults', table => {
    table
      .text('consequences')
      .nullable()
      .comment('JSON, by policy; null until all of them were followed');
    table
      .datetime('settled_at')
      .nullable()
      .comment('When every policy had been followed');
    table.index(['settled_at', 'id'], 'data_faults_settled_idx');
  });
  await knex('data_faults').update({
    consequences: '[]',
    settled_at: knex.ref('raised_at'),
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('data_faults', table => {
    table.dropIndex(['settled_at', 'id'], 'data_faults_settled_idx');
    table.dropColumns('consequences', 'settled_at');
  });
};
