/**
 * Shadows before rollouts: what a version would have answered, compared with what was returned.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('rollout_shadows', table => {
    table.comment('The shadow before a rollout and how it was judged');
    table
      .integer('promotion_id')
      .primary()
      .references('id')
      .inTable('promotions');
    table.string('state', 20).notNullable();
    table.datetime('started_at').nullable();
    table
      .datetime('ends_at')
      .nullable()
      .comment('When it is judged, if samples suffice');
    table.datetime('judged_at').nullable();
    table
      .text('comparison')
      .nullable()
      .comment('JSON, counts of the comparison that it was judged by');
    table
      .text('analysis')
      .notNullable()
      .comment('JSON, MetricAnalysis of each measure');
    table.text('explanation').nullable();
    table
      .integer('attempt')
      .notNullable()
      .defaultTo(1)
      .comment('Goes up each time a person has it repeated');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('rollout_shadows');
};
