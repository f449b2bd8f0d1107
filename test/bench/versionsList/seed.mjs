/** Metrics of a version, each with its interval. */
const METRICS = 10;

/**
 * Gives a model so many versions, each evaluated once, in the engine's own tables; every tenth was not measured. Those that the
 * model had are left out of the count.
 * @param {import('knex').Knex} knex
 * @param {string} ref of the model
 */
export async function seedVersions(knex, ref, versions) {
  const all = { ref, versions, metrics: METRICS };
  await knex.raw(
    `insert into versions (id, model_ref, name, digest, parts, commits, authors, first_commit_at, change_kinds,
       trained_by, created_at, registered_at, registered_by, position)
     select gen_random_uuid()::text, :ref, 'w' || v, 'sha256:' || encode(sha256((:ref || v)::bytea), 'hex'),
       json_build_object('code', json_build_object('commit', encode(sha256((:ref || v)::bytea), 'hex')),
         'data', json_build_array(json_build_object('name', 'resource:default/data', 'version', '2026-11-01', 'rows', 1000000)),
         'artifact', json_build_object('digest', 'sha256:' || encode(sha256((v || :ref)::bytea), 'hex')),
         'configuration', json_build_array(),
         'parameters', json_build_object('learning_rate', '0.05', 'max_depth', '6', 'n_estimators', v::text),
         'trainedBy', 'user:default/somebody')::text,
       '[]', '["user:default/somebody"]', now() - interval '1 day', '["code"]', 'user:default/somebody',
       now() - make_interval(mins => :versions - v), now(), 'service:pipeline', 1000 + v
     from generate_series(1, :versions) v`,
    all,
  );
  await knex.raw(
    `insert into evaluations (id, version_id, external_id, fact, stage, measured_at, received_at, reported_by, digest, metrics)
     select gen_random_uuid()::text, id, 'bench', 'candidate', 'evaluation', created_at, registered_at, 'service:pipeline',
       digest, '[]'
     from versions where model_ref = :ref and position > 1000 and position % 10 <> 0`,
    all,
  );
  await knex.raw(
    `insert into measurements (version_id, model_ref, position, fact, name, value, low, high, level, sample_size,
       higher_is_better, evaluation_id, measured_at)
     select v.id, v.model_ref, v.position, 'candidate', 'metric_' || m,
       (v.position * 7919 * m % 10007) / 10007.0, (v.position * 7919 * m % 10007) / 10007.0 - 0.01,
       (v.position * 7919 * m % 10007) / 10007.0 + 0.01, 0.95, 10000, true, e.id, e.measured_at
     from versions v join evaluations e on e.version_id = v.id, generate_series(1, :metrics) m
     where v.model_ref = :ref and v.position > 1000`,
    all,
  );
  await knex('models')
    .where({ ref })
    .update({ version_count: versions, latest_version: `w${versions}` });
}

/**
 * The same versions in MLflow's own tables.
 * @param {import('knex').Knex} knex
 */
export async function seedMlflowVersions(knex, name, versions) {
  const now = Date.now();
  await knex('registered_models').insert({
    name,
    creation_time: now,
    last_updated_time: now,
  });
  await knex.raw(
    `insert into model_versions (name, version, creation_time, last_updated_time, user_id, current_stage, source, run_id, status)
     select :name, v, :now, :now, 'somebody', 'None', 'models:/m-' || md5(:name || v), md5(:name || v), 'READY'
     from generate_series(1, :versions) v`,
    { name, now, versions },
  );
  await knex.raw('vacuum analyze');
}
