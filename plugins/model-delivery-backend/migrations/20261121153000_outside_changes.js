// @ts-check

/**
 * What was changed at a target or in a registry without Slipway.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('outside_changes', table => {
    table.comment(
      'Differences between the history and what is found, and what became of each',
    );
    table.increments('id');
    table.text('model_ref').notNullable();
    table.text('environment').notNullable();
    table.string('environment_tier', 20).notNullable();
    table.string('kind', 10).notNullable().comment('traffic or alias');
    table
      .string('state', 10)
      .notNullable()
      .comment('suspected until it lasts, then open, then closed');
    table.text('alias').nullable().comment('Of the registry, for kind alias');
    table.text('expected').notNullable().comment('JSON, TrafficShare[]');
    table.text('found').notNullable().comment('JSON, TrafficShare[]');
    table.datetime('first_seen_at').notNullable();
    table.datetime('looked_at').notNullable();
    table.datetime('raised_at').nullable();
    table.datetime('closed_at').nullable();
    table
      .string('closed_because', 10)
      .nullable()
      .comment('gone, reverted or adopted');
    table.text('revert_by').nullable();
    table.text('revert_reason').nullable();
    table
      .integer('revert_attempt')
      .notNullable()
      .defaultTo(0)
      .comment('Part of the operation key');
    table.text('revert_error').nullable();
    table
      .integer('promotion_id')
      .nullable()
      .comment('The promotion that is to adopt it');
    table.index(['model_ref', 'id'], 'outside_changes_model_idx');
  });
  // One at a time of a target, however many replicas look; and the few that are not over are found without the others.
  await knex.raw(
    "create unique index outside_changes_present_uq on outside_changes (model_ref, environment, kind) where state in ('suspected', 'open')",
  );
  await knex.raw(
    "create index outside_changes_looked_idx on outside_changes (looked_at, id) where state in ('suspected', 'open')",
  );
  await knex.schema.createTable('watched_aliases', table => {
    table.comment(
      'The version that each watched alias of a registry named when nothing was wrong',
    );
    table.text('model_ref').notNullable();
    table.text('alias').notNullable();
    table.text('version').notNullable().comment('As the registry names it');
    table.datetime('since').notNullable();
    table.primary(['model_ref', 'alias']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('watched_aliases');
  await knex.schema.dropTable('outside_changes');
};
