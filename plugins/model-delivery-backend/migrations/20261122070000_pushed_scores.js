// @ts-check

/**
 * What versions predicted, beside how they answered.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('pushed_samples', table => {
    table
      .integer('scored')
      .nullable()
      .comment('Answers that had a score; null where scores are not seen');
    table
      .integer('score_count')
      .nullable()
      .comment(
        'Length of scores, so that it can be known without reading them',
      );
    table
      .text('scores')
      .nullable()
      .comment('JSON, one number of each answer, or of a sample of them');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('pushed_samples', table => {
    table.dropColumns('scored', 'score_count', 'scores');
  });
};
