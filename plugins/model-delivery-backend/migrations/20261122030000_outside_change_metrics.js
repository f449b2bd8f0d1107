// @ts-check

/**
 * Changes that were made without Slipway, as the delivery metrics count them.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('metric_outside_changes', table => {
    table.comment('Changes in production that were made without Slipway');
    table.string('change_id', 36).primary().comment('Of outside_changes');
    table.text('model_ref').notNullable();
    table.text('owner').notNullable();
    table.string('risk', 10).notNullable();
    table.text('environment').notNullable();
    table.string('kind', 10).notNullable().comment('traffic or alias');
    table.text('alias').nullable();
    table.text('expected').notNullable().comment('JSON, TrafficShare[]');
    table.text('found').notNullable().comment('JSON, TrafficShare[]');
    table
      .integer('promotion_id')
      .nullable()
      .comment('The promotion that adopted it');
    table
      .string('closed_because', 10)
      .nullable()
      .comment('gone, reverted or adopted; null while it is open');
    table.datetime('raised_at').notNullable();
    table.index(['raised_at', 'change_id'], 'metric_outside_changes_at_idx');
    table.index(['model_ref', 'raised_at'], 'metric_outside_changes_model_idx');
    table.index(['owner', 'raised_at'], 'metric_outside_changes_owner_idx');
  });
  // Those that were raised before they were counted
  await knex.raw(`
    insert into metric_outside_changes (
      change_id, model_ref, owner, risk, environment, kind, alias, expected, found, promotion_id, closed_because, raised_at
    )
    select
      cast(outside_changes.id as varchar(36)), outside_changes.model_ref, models.owner, models.risk,
      outside_changes.environment, outside_changes.kind, outside_changes.alias, outside_changes.expected,
      outside_changes.found,
      case when outside_changes.closed_because = 'adopted' then outside_changes.promotion_id end,
      outside_changes.closed_because, outside_changes.raised_at
    from outside_changes join models on models.ref = outside_changes.model_ref
    where outside_changes.environment_tier = 'production' and outside_changes.raised_at is not null
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('metric_outside_changes');
};
