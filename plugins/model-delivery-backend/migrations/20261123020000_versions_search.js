// @ts-check

/**
 * A text within a version is found by an index of its groups of three characters where PostgreSQL's extension pg_trgm may be
 * had; the expression is the one of `listVersions`. Elsewhere all versions of the model are looked through, with the same
 * answer.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  if (knex.client.config.client === 'pg') {
    await knex.raw(`
      do $$ begin
        create extension if not exists pg_trgm;
        execute 'create index versions_search_idx on versions using gin
          (lower(name || '' '' || digest || '' '' || trained_by || '' '' || parts) gin_trgm_ops)';
      exception when others then
        raise notice 'Texts are searched without an index: %', sqlerrm;
      end $$
    `);
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('drop index if exists versions_search_idx');
};
