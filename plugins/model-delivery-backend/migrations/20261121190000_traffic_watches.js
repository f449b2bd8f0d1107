/**
 * What is watched for a while after it took over all traffic.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('traffic_watches', table => {
    table.comment('Versions that took over all traffic, watched for a while');
    table
      .integer('promotion_id')
      .unsigned()
      .primary()
      .references('id')
      .inTable('promotions');
    table.string('state', 10).notNullable();
    table.datetime('since').notNullable();
    table.datetime('until').notNullable();
    table.integer('window_seconds').notNullable();
    table.datetime('window_from').notNullable();
    table
      .text('baseline')
      .nullable()
      .comment('JSON, what the version before did; dropped when it is over');
    table.integer('windows').notNullable().defaultTo(0);
    table.integer('windows_passed').notNullable().defaultTo(0);
    table.integer('samples').nullable();
    table.text('analysis').notNullable().defaultTo('[]');
    table.datetime('looked_at').nullable();
    table.datetime('unseen_since').nullable();
    table.datetime('slower_since').nullable();
    table.datetime('ended_at').nullable();
    table.text('ended_because').nullable();
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('traffic_watches');
};
