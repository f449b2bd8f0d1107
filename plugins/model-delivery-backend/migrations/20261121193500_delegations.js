/**
 * Roles that were handed on for a while, and whom a decision was made on behalf of.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('delegations', table => {
    table.comment('Roles of approvers, handed on until a moment');
    table.string('id', 36).primary();
    table.text('group_ref').notNullable();
    table.text('from_person').notNullable();
    table.text('to_person').notNullable();
    table.text('reason').notNullable();
    table.datetime('since').notNullable();
    table.datetime('until').notNullable();
    table.datetime('ended_at').nullable();
    table.text('ended_by').nullable();
    table.text('idempotency_key').nullable();
    table.unique(['from_person', 'idempotency_key'], {
      indexName: 'delegations_key_uq',
    });
    table.index(['to_person', 'until'], 'delegations_to_idx');
    table.index(['from_person', 'until'], 'delegations_from_idx');
  });
  await knex.schema.alterTable('decisions', table => {
    table
      .text('on_behalf_of')
      .nullable()
      .comment('Who handed the role on to the person that decided');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('decisions', table => {
    table.dropColumn('on_behalf_of');
  });
  await knex.schema.dropTable('delegations');
};
