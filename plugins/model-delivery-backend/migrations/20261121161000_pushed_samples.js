/**
 * What serving sides push of how versions behave, for rollouts to be judged by. Kept for a while only.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('sample_batches', table => {
    table.comment('Batches of samples, each taken once');
    table.increments('id');
    table.text('model_ref').notNullable();
    table.text('environment').notNullable();
    table
      .text('batch_key')
      .notNullable()
      .comment('Given by whoever pushes, to push the same again without harm');
    table.string('digest', 71).notNullable().comment('Of the content');
    table.text('reported_by').notNullable();
    table.datetime('received_at').notNullable();
    table.unique(['model_ref', 'environment', 'batch_key'], {
      indexName: 'sample_batches_key_uq',
    });
    table.index(['received_at'], 'sample_batches_received_idx');
  });
  await knex.schema.createTable('pushed_samples', table => {
    table.comment('What one version did in one half-open interval of time');
    table.increments('id');
    table
      .integer('batch_id')
      .notNullable()
      .references('id')
      .inTable('sample_batches')
      .onDelete('CASCADE');
    table.text('model_ref').notNullable();
    table.text('environment').notNullable();
    table.text('version').notNullable();
    table.datetime('from_at').notNullable();
    table.datetime('to_at').notNullable();
    table.integer('requests').notNullable();
    table.integer('errors').notNullable();
    table
      .integer('latency_count')
      .notNullable()
      .comment(
        'Length of latencies, so that it can be known without reading them',
      );
    table
      .text('latencies')
      .notNullable()
      .comment('JSON, milliseconds of requests that were answered');
    table.index(
      ['model_ref', 'environment', 'version', 'from_at'],
      'pushed_samples_version_idx',
    );
    table.index(
      ['model_ref', 'environment', 'to_at'],
      'pushed_samples_last_idx',
    );
    table.index(['batch_id'], 'pushed_samples_batch_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('pushed_samples');
  await knex.schema.dropTable('sample_batches');
};
