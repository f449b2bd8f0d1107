// @ts-check

/**
 * Texts of model cards that people imported, for versions whose repository holds none.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('card_imports', table => {
    table.comment('Write-once: what files said of versions that were imported');
    table.string('id', 36).primary();
    table.text('model_ref').notNullable();
    table
      .string('version_id', 36)
      .notNullable()
      .references('id')
      .inTable('versions');
    table.string('format', 20).notNullable();
    table
      .text('content')
      .notNullable()
      .comment('JSON: details and sections in the words of the file');
    table
      .string('digest', 71)
      .notNullable()
      .comment('SHA-256 of the imported file');
    table.text('imported_by').notNullable();
    table.datetime('imported_at').notNullable();
    table
      .integer('position')
      .notNullable()
      .comment('Order within the version; the last one counts');
    table.unique(['version_id', 'position'], {
      indexName: 'card_imports_position_uq',
    });
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('card_imports');
};
