// @ts-check

const isPostgres = (/** @type {import('knex').Knex} */ knex) =>
  knex.client.config.client === 'pg';

/**
 * Models are found by framework and by where they serve too. All that is counted as facets lies in one index, in which
 * models that are alike lie together, so that counting does not read the models themselves.
 *
 * A text within another is found by an index of its groups of three characters where PostgreSQL's extension pg_trgm may be
 * had. Where the database's user may not create it, or it is not installed, all texts are looked through instead: slower by
 * the number of models, with the same answer.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('models', table => {
    table.text('framework').nullable().comment('Such as pytorch');
    table
      .text('serving_in')
      .notNullable()
      .defaultTo('')
      .comment(
        'Environments in which it serves now, each between commas: ,production,staging,',
      );
  });
  const environments = isPostgres(knex)
    ? `string_agg(distinct environment, ',')`
    : 'group_concat(distinct environment)';
  await knex.raw(`
    update models set serving_in = coalesce(
      (select ',' || ${environments} || ',' from deployments
       where deployments.model_ref = models.ref and deployments.ended_at is null), '')
  `);
  await knex.raw(`
    create index models_facets_idx on models
      (risk, waiting_kind, health_state, lifecycle, serving_in, framework, task, owner, system)
      where removed_at is null
  `);
  if (isPostgres(knex)) {
    await knex.raw(`
      do $$ begin
        create extension if not exists pg_trgm;
        execute 'create index models_search_idx on models using gin (search_text gin_trgm_ops)';
      exception when others then
        raise notice 'Texts are searched without an index: %', sqlerrm;
      end $$
    `);
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('drop index if exists models_search_idx');
  await knex.raw('drop index models_facets_idx');
  await knex.raw('alter table models drop column serving_in');
  await knex.raw('alter table models drop column framework');
};
