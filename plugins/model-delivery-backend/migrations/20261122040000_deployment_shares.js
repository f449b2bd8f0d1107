// @ts-check

/**
 * The share of the traffic that each deployment had from when, so that a moment in the past is told as it was.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('deployment_shares', table => {
    table.comment('What share of the traffic a deployment had from when');
    table
      .string('deployment_id', 36)
      .notNullable()
      .references('id')
      .inTable('deployments');
    table
      .datetime('since')
      .notNullable()
      .comment('Until the next one of the deployment, or its end');
    table.double('share').notNullable().comment('Percent');
    table.primary(['deployment_id', 'since']);
  });

  // What is known of the past: the audit log tells of each step that moved traffic. The log is the better source than the
  // steps, since a step that was repeated says only when it last began.
  const share =
    knex.client.config.client === 'pg'
      ? `cast(audit_entries.leaf as json) #>> '{details,share}'`
      : `json_extract(audit_entries.leaf, '$.details.share')`;
  const moves = `(
    select cast(substr(audit_entries.subject, 11) as integer) as promotion_id, audit_entries.at,
      cast(${share} as double precision) as share
    from audit_entries where audit_entries.action = 'promotion.traffic-moved'
  )`;
  const add = rows =>
    knex.raw(
      `insert into deployment_shares (deployment_id, since, share) ${rows} on conflict do nothing`,
    );
  // 1. As each began
  await add(`
    select deployments.id, deployments.started_at, coalesce(
      (
        select min(moves.share) from ${moves} moves
        where moves.promotion_id = deployments.promotion_id and moves.at = deployments.started_at
      ),
      case when deployments.full_traffic_at = deployments.started_at then 100 else deployments.share end
    )
    from deployments where true`);
  // 2. The later steps of what was rolled out
  await add(`
    select deployments.id, moves.at, moves.share
    from deployments join ${moves} moves on moves.promotion_id = deployments.promotion_id
    where deployments.kind = 'promotion' and moves.at > deployments.started_at
      and (deployments.ended_at is null or moves.at < deployments.ended_at)`);
  // 3. What served beside it, which had the rest
  const controls = `
    deployments candidates
      join promotions on promotions.id = candidates.promotion_id and candidates.kind = 'promotion'
      join deployments controls on controls.id = promotions.from_deployment_id`;
  await add(`
    select controls.id, moves.at, 100 - moves.share
    from ${controls} join ${moves} moves on moves.promotion_id = promotions.id
    where moves.share < 100 and moves.at > controls.started_at
      and (controls.ended_at is null or moves.at < controls.ended_at)`);
  // 4. And all of it again when that was taken back
  await add(`
    select controls.id, candidates.ended_at, 100
    from ${controls}
    where candidates.outcome = 'rolled-back' and candidates.ended_at > controls.started_at
      and (controls.ended_at is null or candidates.ended_at < controls.ended_at)`);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('deployment_shares');
};
