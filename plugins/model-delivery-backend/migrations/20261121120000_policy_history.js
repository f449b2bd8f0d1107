/**
 * When which policy came into force for which risk and size of team.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('policy_assignments', table => {
    table.comment('When which policy came into force for which models');
    table.increments('id');
    table.string('risk', 10).notNullable();
    table.string('team_size', 10).notNullable();
    table
      .string('digest', 71)
      .notNullable()
      .references('digest')
      .inTable('policies');
    table.string('replaced_digest', 71).nullable();
    table.text('source').notNullable().comment('File that it was read from');
    table
      .text('extends')
      .nullable()
      .comment('Name of the policy that the file builds on');
    table.datetime('at').notNullable();
    table.index(['risk', 'team_size', 'id'], 'policy_assignments_cell_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('policy_assignments');
};
