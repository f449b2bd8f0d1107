// @ts-check

/** Until when a deployment had all traffic; never before it had. */
const FULL_SPAN =
  "tstzrange(full_traffic_at, greatest(full_traffic_at, coalesce(ended_at, 'infinity')))";

/** Later than any moment, in milliseconds as SQLite keeps them. */
const FOREVER = 9007199254740991;

/**
 * No two deployments have all traffic of a place at once: the database itself refuses it.
 *
 * PostgreSQL does so by an exclusion constraint. Texts have no operator for that without the extension btree_gist, which the
 * user of the database may not be allowed to create, or which may not be installed; ranges have one. A place is therefore
 * told by a range from itself to itself.
 *
 * SQLite writes one transaction at a time, so that triggers which look see all that there is.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  // What overlapped until now ends where the next had all traffic.
  await knex.raw(`
    update deployments set ended_at = following.at,
      outcome = case when deployments.outcome = 'rolled-back' then 'rolled-back' else 'superseded' end
    from (
      select id, lead(full_traffic_at) over (
        partition by model_ref, environment order by full_traffic_at, started_at, id
      ) as at
      from deployments where full_traffic_at is not null
    ) following
    where following.id = deployments.id and following.at is not null
      and (deployments.ended_at is null or deployments.ended_at > following.at)
  `);
  await knex.raw(
    'create unique index deployments_full_now_uq on deployments (model_ref, environment) where ended_at is null and full_traffic_at is not null',
  );
  if (isPostgres(knex)) {
    await knex.raw(
      'create type delivery_text_range as range (subtype = text, collation = "C")',
    );
    await knex.raw(`
      alter table deployments add constraint deployments_full_span_excl exclude using gist (
        delivery_text_range(model_ref, model_ref, '[]') with &&,
        delivery_text_range(environment, environment, '[]') with &&,
        ${FULL_SPAN} with &&
      ) where (full_traffic_at is not null)
    `);
  } else {
    for (const event of ['insert', 'update']) {
      await knex.raw(`
        create trigger deployments_full_span_${event} before ${event} on deployments
        when new.full_traffic_at < coalesce(new.ended_at, ${FOREVER})
        begin
          select raise(abort, 'deployments_full_span_excl: another deployment had all traffic then')
          where exists (
            select 1 from deployments other
            where other.model_ref = new.model_ref and other.environment = new.environment and other.id <> new.id
              and other.ended_at is null and other.full_traffic_at < coalesce(new.ended_at, ${FOREVER})
          ) or exists (
            select 1 from deployments other
            where other.model_ref = new.model_ref and other.environment = new.environment and other.id <> new.id
              and other.ended_at > new.full_traffic_at and other.full_traffic_at < other.ended_at
              and other.full_traffic_at < coalesce(new.ended_at, ${FOREVER})
          );
        end
      `);
    }
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  if (isPostgres(knex)) {
    await knex.raw(
      'alter table deployments drop constraint deployments_full_span_excl',
    );
    await knex.raw('drop type delivery_text_range');
  } else {
    await knex.raw('drop trigger deployments_full_span_insert');
    await knex.raw('drop trigger deployments_full_span_update');
  }
  await knex.raw('drop index deployments_full_now_uq');
};

/** @param {import('knex').Knex} knex */
function isPostgres(knex) {
  return knex.client.config.client === 'pg';
}
