/** Parameters and metrics of a run. */
const EACH = 5;
/** How old the newest version is: past the time that a pipeline has to register it itself. */
const AGE_MS = 3_600_000;

/**
 * Gives MLflow models with versions, each from a run with parameters and metrics and with a logged model of its own, in its own
 * tables.
 * @param {import('knex').Knex} knex
 * @param {string[]} names of the models
 */
export async function seedRegistry(knex, names, versionsPerModel) {
  const now = Date.now() - AGE_MS;
  for (let at = 0; at < names.length; at += 1_000) {
    await knex('registered_models').insert(
      names.slice(at, at + 1_000).map(name => ({
        name,
        creation_time: now,
        last_updated_time: now,
      })),
    );
  }
  const all = { now, versions: versionsPerModel, each: EACH };
  await knex.raw(
    `insert into model_versions (name, version, creation_time, last_updated_time, user_id, current_stage, source, run_id, status)
     select name, v, made, made, 'somebody', 'None', 'models:/m-' || md5(name || v), md5(name || v), 'READY'
     from (
       select name, v, cast(:now as bigint) - 1000 * row_number() over (order by v desc, name) as made
       from registered_models, generate_series(1, :versions) v) as versions`,
    all,
  );
  await knex.raw(
    `insert into model_version_tags (name, version, key, value)
     select name, version, 'slipway.artifact.digest', 'sha256:' || md5(run_id || 'a') || md5(run_id || 'b')
     from model_versions
     union all
     select name, version, 'mlflow.source.git.commit', md5(run_id) || '00000000' from model_versions`,
  );
  await knex.raw(
    `insert into runs (run_uuid, name, source_type, user_id, status, start_time, end_time, lifecycle_stage, artifact_uri, experiment_id)
     select run_id, name, 'LOCAL', 'somebody', 'FINISHED', creation_time - 60000, creation_time, 'active',
       'mlflow-artifacts:/0/' || run_id, 0
     from model_versions`,
  );
  await knex.raw(
    `insert into params (key, value, run_uuid)
     select 'param_' || n, n || '.5', run_id from model_versions, generate_series(1, :each) n`,
    all,
  );
  await knex.raw(
    `insert into latest_metrics (key, value, timestamp, step, is_nan, run_uuid)
     select 'metric_' || n, (version * 7919 * n % 10007) / 10007.0, creation_time, 0, false, run_id
     from model_versions, generate_series(1, :each) n`,
    all,
  );
  await knex.raw(
    `insert into logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms,
       last_updated_timestamp_ms, status, lifecycle_stage, source_run_id)
     select 'm-' || run_id, 0, name, 'mlflow-artifacts:/0/models/m-' || run_id, creation_time, creation_time, 2, 'active', run_id
     from model_versions`,
  );
  await knex.raw('vacuum analyze');
}
