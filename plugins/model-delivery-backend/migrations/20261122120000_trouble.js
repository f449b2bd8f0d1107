// @ts-check

/**
 * Of promotions in technical trouble whether a person has to let them go on. A way back never waits for that, and what may
 * have traffic is looked at by the engine meanwhile.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('promotions', table => {
    table
      .boolean('given_up')
      .notNullable()
      .defaultTo(false)
      .comment(
        'Whether trouble is not tried to be mended any more: a person decides',
      );
  });
  const stopped = () =>
    knex('promotions').where({ state: 'errored' }).whereNull('due_at');
  await stopped().where({ kind: 'promotion' }).update({ given_up: true });
  await stopped()
    .where(due => due.where({ kind: 'rollback' }).orWhere('share', '>', 0))
    .update({ due_at: new Date() });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex('promotions').where({ given_up: true }).update({ due_at: null });
  await knex.raw('alter table promotions drop column given_up');
};
