// @ts-check

const isPostgres = (/** @type {import('knex').Knex} */ knex) =>
  knex.client.config.client === 'pg';

const RECENT_LIMIT = 60;

/**
 * A row of the list of models holds all that the list shows, so that a page of it is one query however much was delivered:
 * its last production deployments and the emergency review that is due first are in it too.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('models', table => {
    table
      .text('recent_deployments')
      .notNullable()
      .defaultTo('[]')
      .comment(
        `The last ${RECENT_LIMIT} promotions to production, oldest first, each as [start in milliseconds, 1 if rolled back]`,
      );
    table.integer('review_promotion_id').nullable();
    table.timestamp('review_by').nullable();
  });
  const last = `(
    select started_at, outcome from deployments
    where model_ref = models.ref and environment_tier = 'production' and kind = 'promotion'
    order by started_at desc, id limit ${RECENT_LIMIT})`;
  const isRolledBack = `case when outcome = 'rolled-back' then 1 else 0 end`;
  await knex.raw(
    isPostgres(knex)
      ? `update models set recent_deployments = (
           select coalesce(json_agg(json_build_array(
             (extract(epoch from started_at) * 1000)::bigint, ${isRolledBack}) order by started_at), '[]')::text
           from ${last} as last)`
      : `update models set recent_deployments = (
           select json_group_array(json_array(started_at, ${isRolledBack}))
           from (select * from ${last} order by started_at))`,
  );
  const due = (/** @type {string} */ column) =>
    `(select ${column} from break_glass
      where model_ref = models.ref and reviewed_at is null order by review_by limit 1)`;
  await knex.raw(
    `update models set review_promotion_id = ${due(
      'promotion_id',
    )}, review_by = ${due('review_by')}`,
  );
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const column of [
    'recent_deployments',
    'review_promotion_id',
    'review_by',
  ]) {
    await knex.raw(`alter table models drop column ${column}`);
  }
};
