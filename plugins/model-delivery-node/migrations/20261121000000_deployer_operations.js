// @ts-check

/**
 * What deployers were asked to do, so that each operation is done once. Structured values are JSON text, moments are UTC.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('deployer_operations', table => {
    table.comment('Operations of deployers, each done once for its key');
    table.bigIncrements('id').comment('In the order in which they came');
    table.text('deployer').notNullable().comment('Id of the deployer');
    table.text('key').notNullable().comment('Operation key of the engine');
    table.text('kind').notNullable().comment('prepare, setTraffic or release');
    table.text('model').notNullable().comment('Entity ref, in lower case');
    table.text('environment').notNullable();
    table.text('version').nullable().comment('Of prepare and release');
    table.text('request').notNullable().comment('The request in full');
    table.text('state').notNullable().comment('pending, done or failed');
    table.text('message').nullable();
    table.text('notes').notNullable().comment('What the deployer wrote down');
    table
      .boolean('unsettled')
      .notNullable()
      .comment('Overtaken by a later operation while it may still be at work');
    table.text('claim').nullable().comment('Who works on it now');
    table.datetime('claimed_until').nullable();
    table.datetime('started_at').notNullable();
    table.datetime('finished_at').nullable();
    table.unique(['deployer', 'key']);
    table.index(
      ['deployer', 'model', 'environment', 'kind', 'state', 'id'],
      'deployer_operations_target_idx',
    );
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('deployer_operations');
};
