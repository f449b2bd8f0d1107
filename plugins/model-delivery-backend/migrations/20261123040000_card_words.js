// @ts-check

/**
 * The words of model cards, as they were last read, so that they can be found without reading a repository for each.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('card_words', table => {
    table.comment('What is found of model cards, in plain text');
    table.text('model_ref').notNullable().primary();
    table.text('stated').notNullable().comment('What the catalog states');
    table
      .string('stated_digest', 71)
      .notNullable()
      .comment('SHA-256 of that, and of what results show beside it');
    table
      .text('written')
      .notNullable()
      .comment('What the team wrote, in its repository or imported');
    table
      .text('read_as')
      .nullable()
      .comment('JSON: address and entity tag of the text that was read');
    table
      .datetime('looked_at')
      .notNullable()
      .comment('When the text was last looked for; 1970 where it is due');
    table.datetime('changed_at').notNullable();
    table.index(['looked_at'], 'card_words_looked_idx');
    table.index(['changed_at'], 'card_words_changed_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('card_words');
};
