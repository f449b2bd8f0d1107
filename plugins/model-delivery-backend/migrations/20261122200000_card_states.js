// @ts-check

const isPostgres = (/** @type {import('knex').Knex} */ knex) =>
  knex.client.config.client === 'pg';

const FACETS = [
  'risk',
  'waiting_kind',
  'health_state',
  'lifecycle',
  'serving_in',
  'framework',
  'task',
  'owner',
  'system',
];

/** @param {import('knex').Knex} knex @param {string[]} columns */
async function indexFacets(knex, columns) {
  await knex.raw('drop index models_facets_idx');
  await knex.raw(
    `create index models_facets_idx on models (${columns.join()}) where removed_at is null`,
  );
}

/**
 * Models are found by how old their card is and by what nobody has stated of them yet. Both are counted as facets, hence in
 * the index of these. When a card was last written is kept beside it: time alone makes it stale, and those that it did are
 * found by an index.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('models', table => {
    table
      .timestamp('card_at')
      .nullable()
      .comment(
        'When the card of what serves, or of the latest version, was written; null where no age was reported',
      );
    table
      .text('card_state')
      .notNullable()
      .defaultTo('unmeasured')
      .comment('unmeasured, fresh or stale by the policy');
  });
  const writtenAt = isPostgres(knex)
    ? `measured_at - value * interval '1 day'`
    : 'cast(measured_at - value * 86400000 as integer)';
  await knex.raw(`
    update models set card_at = (
      select ${writtenAt} from measurements
      where fact = 'card' and measurements.name = 'age_days' and version_id = (
        select id from versions
        where versions.model_ref = models.ref
          and versions.name = coalesce(models.production_version, models.latest_version)))
  `);
  await knex.raw(`
    create index models_card_idx on models (risk, team_size, card_state, card_at) where removed_at is null
  `);
  await indexFacets(knex, [...FACETS, 'card_state', 'to_be_completed']);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await indexFacets(knex, FACETS);
  await knex.raw('drop index models_card_idx');
  await knex.raw('alter table models drop column card_at');
  await knex.raw('alter table models drop column card_state');
};
