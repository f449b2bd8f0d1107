/**
 * Bundles: versions of several models that go together, and their promotions, which are promotions of each member that
 * know of one another.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('bundles', table => {
    table.comment('Versions of several models that go together; immutable');
    table.increments('id');
    table.text('name').notNullable();
    table
      .string('digest', 71)
      .notNullable()
      .comment('SHA-256 of the RFC 8785 form of the members');
    table.text('registered_by').notNullable();
    table.datetime('registered_at').notNullable();
    table.unique(['digest'], { indexName: 'bundles_digest_uq' });
  });
  await knex.schema.createTable('bundle_members', table => {
    table.comment('One version of each model of a bundle');
    table
      .integer('bundle_id')
      .notNullable()
      .references('id')
      .inTable('bundles');
    table.text('model_ref').notNullable().references('ref').inTable('models');
    table
      .string('version_id', 36)
      .notNullable()
      .references('id')
      .inTable('versions');
    table.primary(['bundle_id', 'model_ref']);
    table.index(['model_ref', 'bundle_id'], 'bundle_members_model_idx');
    table.index(['version_id'], 'bundle_members_version_idx');
  });
  await knex.schema.createTable('bundle_promotions', table => {
    table.comment(
      'Requests to put all members of a bundle into an environment',
    );
    table.increments('id');
    table
      .integer('bundle_id')
      .notNullable()
      .references('id')
      .inTable('bundles');
    table.text('environment').notNullable();
    table.string('kind', 10).notNullable().comment('promotion or rollback');
    table.text('requested_by').notNullable();
    table.datetime('requested_at').notNullable();
    table.text('note').nullable();
    table.text('idempotency_key').nullable();
    table
      .integer('lead_promotion_id')
      .nullable()
      .comment('The first of its promotions: its place in every queue');
    table
      .datetime('queued_at')
      .nullable()
      .comment('Since when it waits for nothing but locks');
    table
      .string('asked_digest', 71)
      .nullable()
      .comment('Digest that people were last asked to decide on');
    table.unique(['requested_by', 'idempotency_key'], {
      indexName: 'bundle_promotions_idempotency_uq',
    });
    table.index(['bundle_id', 'environment'], 'bundle_promotions_bundle_idx');
  });
  await knex.schema.alterTable('promotions', table => {
    table
      .integer('bundle_promotion_id')
      .nullable()
      .comment('The promotion of a bundle that it is part of');
    table.index(['bundle_promotion_id'], 'promotions_bundle_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('promotions', table => {
    table.dropIndex(['bundle_promotion_id'], 'promotions_bundle_idx');
    table.dropColumn('bundle_promotion_id');
  });
  await knex.schema.dropTable('bundle_promotions');
  await knex.schema.dropTable('bundle_members');
  await knex.schema.dropTable('bundles');
};
