// @ts-check

/**
 * Events by their age, so that old ones are found.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('lineage_events', table => {
    table.index(['received_at'], 'lineage_events_received_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('lineage_events', table => {
    table.dropIndex(['received_at'], 'lineage_events_received_idx');
  });
};
