// @ts-check

/**
 * Data sets that somebody said are faulty, and what came of it.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('data_faults', table => {
    table.comment('Data sets that people said are faulty');
    table.increments('id');
    table.text('dataset').notNullable().comment('Its node');
    table
      .string('dataset_key', 64)
      .notNullable()
      .comment('Hex SHA-256 of it: it is long');
    table.text('title').notNullable();
    table.text('version').nullable().comment('Null for every version');
    table.text('reason').notNullable();
    table.text('raised_by').notNullable();
    table.datetime('raised_at').notNullable();
    table.text('notified').notNullable().comment('JSON, entity refs');
    table.integer('versions').notNullable().comment('Affected');
    table.integer('serving').notNullable().comment('Of those that served');
    table
      .integer('revoked')
      .notNullable()
      .defaultTo(0)
      .comment('Evaluations that were revoked with it');
    table.text('idempotency_key').notNullable();
    table.unique(['raised_by', 'idempotency_key'], {
      indexName: 'data_faults_key_uq',
    });
    table.index(['dataset_key', 'id'], 'data_faults_dataset_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('data_faults');
};
