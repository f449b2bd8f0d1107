// @ts-check

/**
 * What was found in the sources of models, in the catalog's database: which entity each model is, what its source said of it
 * last, and how the reading of each source went.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('slipway_model_sources', table => {
    table.comment('Sources that models are made from');
    table
      .string('provider', 120)
      .primary()
      .comment('Id of the source, such as mlflow:main');
    table.text('title').notNullable().comment('As people know it');
    table.dateTime('last_attempt_at').comment('When it was read last');
    table.dateTime('last_success_at').comment('When it could be read last');
    table.text('error').comment('Why it could not be read the last time');
    table.text('problems').notNullable().comment('What was refused, as JSON');
    table.text('etags').notNullable().comment('Of its targets, as JSON');
  });
  await knex.schema.createTable('slipway_found_models', table => {
    table.comment('Models that were found in a source');
    table.string('key', 64).primary().comment('Hash of provider and source');
    table.string('provider', 120).notNullable().index();
    table.text('source').notNullable().comment('What it is in its source');
    table.text('target').comment('The target of a source it was found by');
    table.string('external_hash', 64).notNullable().index();
    table.string('wanted_name', 63).notNullable().comment('By its name alone');
    table.string('namespace', 63).notNullable();
    table.string('entity_name', 63).notNullable().comment('What it is here');
    table.text('draft').notNullable().comment('What its source says, as JSON');
    table.string('draft_hash', 64).notNullable();
    table.string('registry_hash', 64).index();
    table.text('problem').comment('Why what the source says now is refused');
    table
      .string('written_as', 255)
      .index()
      .comment('Entity that somebody wrote of it, which goes before');
    table.string('applied', 64).comment('Hash of what the catalog was told');
    table.unique(['namespace', 'entity_name']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('slipway_found_models');
  await knex.schema.dropTable('slipway_model_sources');
};
