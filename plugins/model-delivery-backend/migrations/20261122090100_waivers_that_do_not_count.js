// @ts-check

/**
 * A waiver that does not count any more leaves room for another one: one at a time is asked for, as many as it takes are
 * granted.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw('drop index waivers_open_uq');
  // Whatever two people do at once
  await knex.raw(
    "create unique index waivers_asked_uq on waivers (version_id, environment, gate) where state = 'asked'",
  );
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('drop index waivers_asked_uq');
  // The latest of several is the one that counts
  await knex('waivers')
    .where('state', 'granted')
    .whereExists(
      knex('waivers as later')
        .whereRaw('later.version_id = waivers.version_id')
        .whereRaw('later.environment = waivers.environment')
        .whereRaw('later.gate = waivers.gate')
        .whereRaw('later.id > waivers.id')
        .whereIn('later.state', ['asked', 'granted']),
    )
    .update({
      state: 'void',
      ended_at: new Date(),
      ended_by: 'service:model-delivery',
      ended_because: 'another one counts instead',
    });
  await knex.raw(
    "create unique index waivers_open_uq on waivers (version_id, environment, gate) where state in ('asked', 'granted')",
  );
};
