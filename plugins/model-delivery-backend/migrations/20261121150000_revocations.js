// @ts-check

/**
 * Evidence that was found wrong, and the deployments that serve on in spite of it.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('revocations', table => {
    table.comment('Write-once: evaluations that were found wrong');
    table.increments('id');
    // No reference to the model's row: its lock comes last in every change of a model, and a reference would take it first.
    table.text('model_ref').notNullable();
    table
      .string('version_id', 36)
      .notNullable()
      .references('id')
      .inTable('versions');
    table
      .string('evaluation_id', 36)
      .notNullable()
      .references('id')
      .inTable('evaluations');
    table.text('reason').notNullable();
    table.text('revoked_by').notNullable();
    table.datetime('revoked_at').notNullable();
    table
      .text('effects')
      .notNullable()
      .comment('JSON, what rested on it at that moment');
    table.text('idempotency_key').nullable();
    // Whatever two people do at once, there is one revocation of an evaluation.
    table.unique(['evaluation_id'], {
      indexName: 'revocations_evaluation_uq',
    });
    table.unique(['revoked_by', 'idempotency_key'], {
      indexName: 'revocations_idempotency_uq',
    });
    table.index(['model_ref', 'id'], 'revocations_model_idx');
    table.index(['version_id'], 'revocations_version_idx');
  });
  await knex.schema.createTable('revocation_acknowledgements', table => {
    table.comment('Deployments that serve on, as a person has said');
    table
      .integer('revocation_id')
      .notNullable()
      .references('id')
      .inTable('revocations');
    table
      .string('deployment_id', 36)
      .notNullable()
      .references('id')
      .inTable('deployments');
    table.text('reason').notNullable();
    table.text('acknowledged_by').notNullable();
    table.datetime('acknowledged_at').notNullable();
    table.primary(['revocation_id', 'deployment_id']);
    table.index(
      ['deployment_id'],
      'revocation_acknowledgements_deployment_idx',
    );
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('revocation_acknowledgements');
  await knex.schema.dropTable('revocations');
};
