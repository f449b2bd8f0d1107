/**
 * Waivers of gates: asked for by one person, granted for a while by another.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('waivers', table => {
    table.comment('Gates that were asked to be waived, and what became of it');
    table.increments('id');
    table.text('model_ref').notNullable().references('ref').inTable('models');
    table
      .string('version_id', 36)
      .notNullable()
      .references('id')
      .inTable('versions');
    table.text('environment').notNullable();
    table.text('gate').notNullable();
    table.string('state', 20).notNullable();
    table.string('policy_digest', 71).notNullable();
    table
      .string('subject_digest', 71)
      .notNullable()
      .comment('Digest of what a decision binds to');
    table
      .text('verdict')
      .notNullable()
      .comment('JSON, GateVerdict when it was asked for');
    table.text('reason').notNullable();
    table.text('asked_by').notNullable();
    table.datetime('asked_at').notNullable();
    table.datetime('expires_at').notNullable();
    table.string('decision', 10).nullable();
    table.text('decided_role').nullable();
    table.text('decided_reason').nullable();
    table.text('decided_by').nullable();
    table.datetime('decided_at').nullable();
    table.datetime('ended_at').nullable();
    table.text('ended_by').nullable();
    table.text('ended_because').nullable();
    table.index(['model_ref', 'id'], 'waivers_model_idx');
    table.index(['version_id', 'environment'], 'waivers_version_idx');
  });
  // One at a time for a gate, whatever two people do at once; and the few that are open are found without the others.
  await knex.raw(
    "create unique index waivers_open_uq on waivers (version_id, environment, gate) where state in ('asked', 'granted')",
  );
  await knex.raw(
    "create index waivers_open_idx on waivers (id) where state in ('asked', 'granted')",
  );
  await knex.schema.createTable('waiver_roles', table => {
    table.comment('Who may decide on a waiver');
    table
      .integer('waiver_id')
      .notNullable()
      .references('id')
      .inTable('waivers');
    table.text('role').notNullable();
    table.text('title').notNullable();
    table.text('group_ref').notNullable();
    table.primary(['waiver_id', 'role']);
    table.index(['group_ref', 'waiver_id'], 'waiver_roles_group_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('waiver_roles');
  await knex.schema.dropTable('waivers');
};
