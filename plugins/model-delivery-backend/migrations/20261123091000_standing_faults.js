// @ts-check

/**
 * Faults of data sets stand until somebody takes them back: what is reported afterwards of what was made of them counts no
 * more than what was reported before.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('data_faults', table => {
    table
      .datetime('looked_at')
      .nullable()
      .comment('When it was last looked what it affects');
    table.datetime('withdrawn_at').nullable();
    table.text('withdrawn_by').nullable();
    table.text('withdrawn_because').nullable();
    table.index(['withdrawn_at', 'looked_at'], 'data_faults_standing_idx');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('data_faults', table => {
    table.dropIndex(['withdrawn_at', 'looked_at'], 'data_faults_standing_idx');
    table.dropColumns(
      'looked_at',
      'withdrawn_at',
      'withdrawn_by',
      'withdrawn_because',
    );
  });
};
