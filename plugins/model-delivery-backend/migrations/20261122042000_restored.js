// @ts-check

/**
 * What a rollback brought back: the deployment that a promotion had made of the version, to tell who approved it on which
 * evidence; and who rolled back, and why.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deployments', table => {
    table
      .string('restores_deployment_id', 36)
      .nullable()
      .comment('Of a rollback: the deployment by which its version came there');
    table
      .text('rolled_back_by')
      .nullable()
      .comment('Of a rollback: entity ref of a user, or service:NAME');
    table.text('rolled_back_because').nullable();
  });
  await knex.raw(`
    update deployments set restores_deployment_id = (
      select earlier.id from deployments earlier
      where earlier.version_id = deployments.version_id and earlier.environment = deployments.environment
        and earlier.kind = 'promotion' and earlier.full_traffic_at is not null
        and earlier.started_at < deployments.started_at
      order by earlier.full_traffic_at desc limit 1
    ) where kind = 'rollback'
  `);
  // By a rollback that somebody asked for, or that the watch after a rollout made
  await knex.raw(`
    update deployments set rolled_back_by = promotions.requested_by, rolled_back_because = promotions.note
    from promotions
    where promotions.id = deployments.promotion_id and promotions.kind = 'rollback' and deployments.kind = 'rollback'
  `);
  // By a rollout that was aborted when it had all traffic: the audit log knows by whom
  const detail = name =>
    knex.client.config.client === 'pg'
      ? `cast(audit_entries.leaf as json) #>> '{details,${name}}'`
      : `json_extract(audit_entries.leaf, '$.details.${name}')`;
  for (const [column, value] of [
    ['rolled_back_by', 'audit_entries.actor'],
    [
      'rolled_back_because',
      `coalesce(${detail('reason')}, audit_entries.summary)`,
    ],
  ]) {
    await knex.raw(`
      update deployments set ${column} = (
        select ${value} from audit_entries
        where audit_entries.subject = 'promotion:' || cast(deployments.promotion_id as text)
          and ${detail('to')} = 'rolling-back' and ${detail(
      'from',
    )} <> 'rolling-back'
        order by audit_entries."index" desc limit 1
      )
      where kind = 'rollback' and ${column} is null and promotion_id is not null
    `);
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const column of [
    'restores_deployment_id',
    'rolled_back_by',
    'rolled_back_because',
  ]) {
    await knex.raw(`alter table deployments drop column ${column}`);
  }
};
