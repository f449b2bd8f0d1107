// @ts-check

/**
 * Which deployments count as proof that a version served: all that Slipway made, and of those that somebody recorded the
 * ones from before Slipway deployed there itself. And who recorded them.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deployments', table => {
    table
      .boolean('proves')
      .notNullable()
      .defaultTo(true)
      .comment('Whether it verifies its version, and can be returned to');
    table
      .text('recorded_by')
      .nullable()
      .comment('Of what was deployed outside: who told so');
  });
  // The audit log knows who told, and when
  await knex.raw(`
    update deployments set recorded_by = (
      select audit_entries.actor from audit_entries
      where audit_entries.subject = 'deployment:' || deployments.id and audit_entries.action = 'deployment.recorded'
      order by audit_entries."index" limit 1
    ) where origin = 'recorded'
  `);
  await knex('deployments')
    .where({ origin: 'recorded' })
    .whereExists(
      knex('deployments as own')
        .join('audit_entries', join =>
          join
            .on(
              'audit_entries.subject',
              knex.raw(`'deployment:' || deployments.id`),
            )
            .on('audit_entries.at', '>', 'own.full_traffic_at'),
        )
        .whereRaw('own.model_ref = deployments.model_ref')
        .whereRaw('own.environment = deployments.environment')
        .where({
          'own.origin': 'slipway',
          'audit_entries.action': 'deployment.recorded',
        })
        .select(knex.raw('1')),
    )
    .update({ proves: false });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('alter table deployments drop column proves');
  await knex.raw('alter table deployments drop column recorded_by');
};
