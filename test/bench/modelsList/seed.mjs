const SECOND_PER_VERSION = 86_400;

/**
 * Gives each model its versions, and a third of the models a serving version with deployments of the last quarter, in
 * the engine's own tables. The models themselves are there: the engine took them from the catalog.
 * @param {import('knex').Knex} knex
 */
export async function seedSlipway(knex, versionsPerModel) {
  await knex.raw(
    `insert into versions (id, model_ref, name, digest, parts, commits, authors, first_commit_at, change_kinds,
       trained_by, created_at, registered_at, registered_by, position)
     select gen_random_uuid()::text, m.ref, 'v' || v,
       'sha256:' || encode(sha256((m.ref || v)::bytea), 'hex'),
       json_build_object('code', json_build_object('commit', encode(sha256((m.ref || v)::bytea), 'hex')),
         'data', json_build_array(json_build_object('name', 'resource:default/data', 'version', '2026-11-01', 'rows', 1000000)),
         'artifact', json_build_object('digest', 'sha256:' || encode(sha256((v || m.ref)::bytea), 'hex')),
         'configuration', json_build_array(),
         'parameters', json_build_object('learning_rate', '0.05', 'max_depth', '6', 'n_estimators', '400'),
         'trainedBy', 'user:default/somebody')::text,
       '[]', '["user:default/somebody"]', now() - interval '1 day', '["code"]', 'user:default/somebody',
       now() - make_interval(secs => (? - v) * ?), now(), 'service:pipeline', v
     from models m, generate_series(1, ?) v`,
    [versionsPerModel, SECOND_PER_VERSION, versionsPerModel],
  );
  await knex.raw(
    `insert into deployments (id, model_ref, version_id, environment, environment_tier, origin, kind, share,
       started_at, full_traffic_at, ended_at, outcome, approved_by, reason)
     select gen_random_uuid()::text, v.model_ref, v.id, 'production', 'production', 'recorded', 'promotion', 100,
       v.created_at, v.created_at,
       case when v.position < ? then v.created_at + interval '1 day' end,
       case when v.position < ? then 'superseded' else 'serving' end, '[]', 'planned'
     from versions v join models m on m.ref = v.model_ref
     where m.risk_rank > 0 and v.position > ? - 4`,
    [versionsPerModel, versionsPerModel, versionsPerModel],
  );
  await knex.raw(
    `update models set version_count = ?, latest_version = 'v' || ?,
       production_version = case when risk_rank > 0 then 'v' || ? end,
       production_since = case when risk_rank > 0 then now() end,
       last_deployed_at = case when risk_rank > 0 then now() end,
       serving_in = case when risk_rank > 0 then ',production,' else '' end,
       recent_deployments = (
         select coalesce(json_agg(json_build_array(
           (extract(epoch from started_at) * 1000)::bigint, 0) order by started_at), '[]')::text
         from deployments where model_ref = models.ref)`,
    [versionsPerModel, versionsPerModel, versionsPerModel],
  );
  await knex.raw('vacuum analyze');
}

/**
 * The same models and versions in MLflow's own tables.
 * @param {import('knex').Knex} knex
 * @param {{ name: string, owner: string }[]} models
 */
export async function seedMlflow(knex, models, versionsPerModel) {
  const now = Date.now();
  for (let at = 0; at < models.length; at += 1_000) {
    const some = models.slice(at, at + 1_000);
    await knex('registered_models').insert(
      some.map(({ name }) => ({
        name,
        creation_time: now,
        last_updated_time: now,
        description: 'Measuring how fast lists are',
      })),
    );
    await knex('registered_model_tags').insert(
      some.map(({ name, owner }) => ({ key: 'owner', value: owner, name })),
    );
  }
  await knex.raw(
    `insert into model_versions (name, version, creation_time, last_updated_time, user_id, current_stage, source, run_id, status)
     select name, v, ?, ?, 'somebody', 'None', 'models:/m-' || md5(name || v), md5(name || v), 'READY'
     from registered_models, generate_series(1, ?) v`,
    [now, now, versionsPerModel],
  );
  await knex.raw('vacuum analyze');
}
