// @ts-check

/**
 * What registries delivered through webhooks: known again when it comes a second time, and read at once by whichever
 * replica is free to.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('registry_deliveries', table => {
    table.comment('Webhook deliveries of the registries, for a day');
    table.text('registry_type').notNullable();
    table.text('registry_id').notNullable();
    table.string('delivery_id', 200).notNullable();
    table.text('event').notNullable();
    table
      .text('model')
      .nullable()
      .comment('Name in the registry; null when it names none');
    table.text('versions').notNullable().comment('JSON, names of versions');
    table.datetime('received_at').notNullable();
    table
      .datetime('due_at')
      .nullable()
      .comment('When to read what it names; null once that is done');
    table.integer('attempts').notNullable().defaultTo(0);
    table.text('error').nullable().comment('Why the last attempt failed');
    table.primary(['registry_type', 'registry_id', 'delivery_id']);
    table.index(
      ['registry_type', 'registry_id', 'due_at'],
      'registry_deliveries_due_idx',
    );
    table.index(
      ['registry_type', 'registry_id', 'received_at'],
      'registry_deliveries_received_idx',
    );
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('registry_deliveries');
};
