// @ts-check

/**
 * Which revocations were made for a data set that was found faulty, and whom to tell of them in one.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('revocations', table => {
    table
      .integer('fault_id')
      .nullable()
      .comment('Row of data_faults; null for one that a person made alone');
    table
      .text('concerned')
      .nullable()
      .comment('JSON, entity refs of whom the fault tells of it');
    table.index(['fault_id', 'id'], 'revocations_fault_idx');
  });
  // Those of before said it in their keys; whom they concern was told by each
  const faults = await knex('data_faults').select('id', 'raised_by');
  for (const { id, raised_by } of faults) {
    await knex('revocations')
      .where({ revoked_by: raised_by })
      .whereLike('idempotency_key', `data-fault:${id}:%`)
      .update({ fault_id: id });
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('revocations', table => {
    table.dropIndex(['fault_id', 'id'], 'revocations_fault_idx');
    table.dropColumns('fault_id', 'concerned');
  });
};
