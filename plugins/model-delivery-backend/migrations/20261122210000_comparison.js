// @ts-check

/**
 * What versions are compared by beyond single numbers: how often each label was taken for which, and the words of
 * configuration and prompts.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  // 1. Confusion matrices of evaluations
  await knex.schema.alterTable('evaluations', table => {
    table
      .text('confusion_matrix')
      .nullable()
      .comment('JSON: labels, and counts by actual and predicted label');
  });
  // 2. Texts of configuration, found by the digest that versions name
  await knex.schema.createTable('configuration_texts', table => {
    table.comment('Write-once: texts of configuration, by their SHA-256');
    table
      .text('model_ref')
      .notNullable()
      .comment('A text is shown with the models that reported it only');
    table.string('digest', 71).notNullable();
    table.text('text').notNullable();
    table.datetime('reported_at').notNullable();
    table.primary(['model_ref', 'digest']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('configuration_texts');
  await knex.schema.alterTable('evaluations', table => {
    table.dropColumn('confusion_matrix');
  });
};
