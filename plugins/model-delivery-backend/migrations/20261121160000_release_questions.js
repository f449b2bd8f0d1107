/**
 * What other tools asked through their hooks, and what they were answered.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('release_questions', table => {
    table.comment(
      'Questions of other tools whether a version may go on; those that are answered later wait here for it',
    );
    table.increments('id');
    table.string('platform', 10).notNullable();
    table.text('connection').notNullable().comment('Name in the configuration');
    table
      .text('question_key')
      .notNullable()
      .comment('What makes it the same question when it comes again');
    table.text('model_ref').notNullable();
    table.text('environment').notNullable();
    table.text('version').nullable().comment('Null while it is not known');
    table.text('about').notNullable().comment('What asks, for people');
    table
      .text('subject')
      .notNullable()
      .comment('JSON, what names the version, and where the answer goes');
    table.string('state', 10).notNullable();
    table.string('verdict', 10).nullable();
    table.text('statement').nullable();
    table.datetime('asked_at').notNullable();
    table.datetime('answered_at').nullable();
    table.text('told').nullable().comment('What the tool was told last');
    table.integer('told_times').notNullable().defaultTo(0);
    table
      .integer('attempts')
      .notNullable()
      .defaultTo(0)
      .comment('Deliveries of the answer that were begun');
    table.text('error').nullable().comment('Of the last delivery');
    table.datetime('due_at').nullable();
    table.string('lease_owner', 36).nullable();
    table.datetime('lease_until').nullable();
    table.unique(['platform', 'connection', 'question_key'], {
      indexName: 'release_questions_key_uq',
    });
    table.index(['model_ref', 'id'], 'release_questions_model_idx');
  });
  await knex.raw(
    "create index release_questions_due_idx on release_questions (due_at) where state = 'open'",
  );
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('release_questions');
};
