/**
 * Reminders of approvals that are waited for, and whom they escalate to.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('approval_reminders', table => {
    table.comment('When those who are asked to decide are reminded');
    table
      .integer('promotion_id')
      .unsigned()
      .primary()
      .references('id')
      .inTable('promotions');
    table.datetime('asked_at').notNullable();
    table.integer('every_seconds').notNullable();
    table.datetime('escalate_at').nullable();
    table.text('escalate_group').nullable();
    table.text('escalate_title').nullable();
    table.datetime('escalated_at').nullable();
    table.integer('told').notNullable().defaultTo(0);
    table
      .datetime('next_at')
      .nullable()
      .index('approval_reminders_next_idx')
      .comment('Null when nobody is waited for any more');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('approval_reminders');
};
