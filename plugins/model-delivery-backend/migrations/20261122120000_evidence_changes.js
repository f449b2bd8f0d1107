// @ts-check

/**
 * Counts how often what the gates of a rollout judge by has changed since it began, and how many of these changes the gates
 * were judged again for. A count and no mark, so that a change during a judgement is not taken as judged.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('promotions', table => {
    table.integer('evidence_changes').notNullable().defaultTo(0);
    table.integer('evidence_seen').notNullable().defaultTo(0);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('alter table promotions drop column evidence_changes');
  await knex.raw('alter table promotions drop column evidence_seen');
};
