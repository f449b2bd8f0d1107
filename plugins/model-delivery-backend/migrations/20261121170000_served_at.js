/**
 * What served at a moment is found from the last deployment that had all traffic by then.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(
    'create index deployments_full_idx on deployments (model_ref, environment, full_traffic_at, started_at) where full_traffic_at is not null',
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('drop index deployments_full_idx');
};
