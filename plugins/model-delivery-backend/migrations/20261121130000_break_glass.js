// @ts-check

/**
 * Emergency promotions, and the review that each has to have.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  // 1. One row an emergency promotion; the review is written into it once.
  await knex.schema.createTable('break_glass', table => {
    table.comment('Emergency promotions and their reviews');
    table
      .integer('promotion_id')
      .primary()
      .references('id')
      .inTable('promotions');
    table.text('model_ref').notNullable();
    table.text('reason').notNullable();
    table
      .text('role')
      .notNullable()
      .comment('JSON, PolicyRole held by whoever broke the glass');
    table
      .text('review_role')
      .notNullable()
      .comment('JSON, PolicyRole that has to review it');
    table
      .text('review_group')
      .notNullable()
      .comment('Entity ref: whose inboxes it is in');
    table
      .text('bypassed')
      .notNullable()
      .comment('JSON, Bypassed[]: what it went past, by name');
    table.datetime('review_by').notNullable();
    table
      .datetime('overdue_told_at')
      .nullable()
      .comment('When it was said that the review is overdue');
    table.string('outcome', 20).nullable();
    table.text('reviewed_by').nullable();
    table.datetime('reviewed_at').nullable();
    table.text('review_reason').nullable();
  });
  // 2. What waits for its review, as lists, inboxes, models and the clock ask for it.
  for (const [name, columns] of [
    ['break_glass_due_idx', 'promotion_id'],
    ['break_glass_group_idx', 'review_group, review_by, promotion_id'],
    ['break_glass_model_idx', 'model_ref, review_by'],
  ]) {
    await knex.raw(
      `create index ${name} on break_glass (${columns}) where reviewed_at is null`,
    );
  }
  await knex.raw(
    `create index break_glass_clock_idx on break_glass (review_by)
     where reviewed_at is null and overdue_told_at is null`,
  );

  // 3. Counted in the delivery metrics.
  await knex.schema.alterTable('metric_deployments', table => {
    table
      .boolean('break_glass')
      .notNullable()
      .defaultTo(false)
      .comment('Whether it was an emergency promotion');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('metric_deployments', table => {
    table.dropColumn('break_glass');
  });
  await knex.schema.dropTable('break_glass');
};
