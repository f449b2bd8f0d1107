// @ts-check

/**
 * SQLite sorts nulls last in descending order of itself, and knows no words for it in an index.
 *
 * @param {import('knex').Knex} knex
 */
function isPostgres(knex) {
  return knex.client.config.client === 'pg';
}

/**
 * Identifiers are text, moments are UTC timestamps, structured values are JSON text: the same on SQLite and PostgreSQL.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  // 1. Audit log: append-only, one Merkle leaf an entry, no gap in the index.
  await knex.schema.createTable('audit_entries', table => {
    table.comment('Append-only log of what happened; one RFC 6962 leaf each');
    table
      .bigInteger('index')
      .primary()
      .comment('Leaf index, from 0 without gaps');
    table.datetime('at').notNullable();
    table
      .text('actor')
      .notNullable()
      .comment('Entity ref of a user, or service:NAME');
    table.text('action').notNullable().comment('Such as promotion.requested');
    table.text('model_ref').nullable();
    table.text('subject').notNullable().comment('Such as promotion:7');
    table.text('summary').notNullable();
    table
      .text('leaf')
      .notNullable()
      .comment('RFC 8785 form of the entry: the data of the Merkle leaf');
    table
      .string('leaf_hash', 64)
      .notNullable()
      .comment('Hex SHA-256 of 0x00 and the leaf');
    table.index(['model_ref', 'index'], 'audit_entries_model_idx');
    table.index(['subject', 'index'], 'audit_entries_subject_idx');
    table.index(['action', 'index'], 'audit_entries_action_idx');
  });
  await knex.schema.createTable('audit_head', table => {
    table.comment(
      'One row: how many leaves there are. Its lock orders the appends',
    );
    table.integer('id').primary();
    table.bigInteger('size').notNullable();
  });
  await knex('audit_head').insert({ id: 1, size: 0 });

  // 2. Outbox: what others must hear of, written with the change and delivered after it, at least once.
  await knex.schema.createTable('outbox', table => {
    table.comment(
      'Messages to deliver after the change they were written with',
    );
    table.string('id', 36).primary();
    table.datetime('at').notNullable();
    table.text('topic').notNullable();
    table.text('payload').notNullable().comment('JSON');
    table.integer('attempts').notNullable().defaultTo(0);
    table.datetime('due_at').notNullable().comment('When to try (again)');
    table.index(['due_at'], 'outbox_due_idx');
  });

  // 3. Models: what the lists show, kept up to date from the catalog and by the engine's own changes.
  await knex.schema.createTable('models', table => {
    table.comment(
      'Read model of the Model entities and where their delivery stands',
    );
    table.text('ref').primary();
    table.text('namespace').notNullable();
    table.text('name').notNullable();
    table.text('title').notNullable();
    table.text('task').nullable();
    table.text('owner').notNullable();
    table.text('system').nullable();
    table.string('lifecycle', 20).notNullable();
    table.string('risk', 10).notNullable();
    table
      .integer('risk_rank')
      .notNullable()
      .comment('2 high, 1 medium, 0 low: to sort by');
    table.string('team_size', 10).notNullable();
    table.boolean('sample').notNullable().defaultTo(false);
    table.text('registry_type').nullable().comment('Such as mlflow');
    table.text('registry_id').nullable().comment('Connection');
    table.text('registry_model').nullable().comment('Registered model');
    table
      .text('search_text')
      .notNullable()
      .comment('Lower-case name, title, owner and task');
    table
      .datetime('seen_at')
      .notNullable()
      .comment('Last time the catalog showed it');
    table
      .datetime('removed_at')
      .nullable()
      .comment('When it was found gone from the catalog; its history stays');
    table.text('production_version').nullable();
    table.datetime('production_since').nullable();
    table.text('rollout_promotion_id').nullable();
    table.text('rollout_version').nullable();
    table.double('rollout_share').nullable();
    table.string('health_state', 20).notNullable().defaultTo('no-data');
    table.text('health_detail').nullable();
    table.string('waiting_kind', 20).notNullable().defaultTo('nothing');
    table.text('waiting_detail').nullable();
    table.text('waiting_promotion_id').nullable();
    table.datetime('waiting_since').nullable();
    table
      .integer('attention')
      .notNullable()
      .defaultTo(0)
      .comment('The more, the sooner a person should look');
    table.text('latest_version').nullable();
    table.integer('version_count').notNullable().defaultTo(0);
    table.datetime('last_deployed_at').nullable();
    table.index(['name', 'ref'], 'models_name_idx');
    table.index(['owner'], 'models_owner_idx');
    table.index(['waiting_kind'], 'models_waiting_idx');
    table.index(['health_state'], 'models_health_idx');
    table.index(
      ['registry_type', 'registry_id', 'registry_model'],
      'models_registry_idx',
    );
  });
  // All ascending, the rank negated: so that a page begins by one comparison of rows, which an index serves.
  await knex.raw(
    'create index models_attention_idx on models ((-attention), name, ref)',
  );
  await knex.raw(
    'create index models_risk_idx on models ((-risk_rank), name, ref)',
  );
  const nullsLast = isPostgres(knex) ? 'nulls last' : '';
  await knex.raw(
    `create index models_deployed_idx on models (last_deployed_at desc ${nullsLast}, ref)`,
  );

  // 4. Versions and what was measured of them.
  await knex.schema.createTable('versions', table => {
    table.comment('Immutable model versions');
    table.string('id', 36).primary();
    table.text('model_ref').notNullable();
    table.text('name').notNullable();
    table
      .string('digest', 71)
      .notNullable()
      .comment('sha256: of the RFC 8785 form of parts');
    table.text('parts').notNullable().comment('JSON, VersionParts');
    table
      .text('commits')
      .notNullable()
      .comment('JSON, commits since the version before');
    table
      .text('authors')
      .notNullable()
      .comment(
        'JSON, distinct commit authors: as given, and the user each was known as',
      );
    table
      .datetime('first_commit_at')
      .nullable()
      .comment('Earliest of the commits');
    table.text('change_kinds').notNullable().comment('JSON array');
    table.text('run_id').nullable().comment('External id of the pipeline run');
    table.text('registry_uri').nullable();
    table
      .text('trained_by')
      .notNullable()
      .comment('The user it was known as; as given in parts');
    table.datetime('created_at').notNullable();
    table.datetime('registered_at').notNullable();
    table.text('registered_by').notNullable();
    table
      .bigInteger('position')
      .notNullable()
      .comment('Order of registration within the model, from 1');
    table.unique(['model_ref', 'name'], { indexName: 'versions_name_uq' });
    table.unique(['model_ref', 'position'], {
      indexName: 'versions_position_uq',
    });
    table.index(['model_ref', 'digest'], 'versions_digest_idx');
  });
  await knex.schema.createTable('evaluations', table => {
    table.comment('Measurements of a version, as reported');
    table.string('id', 36).primary();
    table
      .string('version_id', 36)
      .notNullable()
      .references('id')
      .inTable('versions');
    table.text('external_id').notNullable();
    table.string('fact', 20).notNullable();
    table.string('stage', 30).nullable();
    table.datetime('measured_at').notNullable();
    table.datetime('received_at').notNullable();
    table.text('reported_by').notNullable();
    table.text('dataset').nullable().comment('JSON');
    table.text('run_id').nullable();
    table.text('source').nullable();
    table
      .string('digest', 71)
      .notNullable()
      .comment('sha256: of the RFC 8785 form of the report');
    table.text('metrics').notNullable().comment('JSON, Measurement[]');
    table.unique(['version_id', 'external_id'], {
      indexName: 'evaluations_external_uq',
    });
    table.index(['version_id', 'received_at', 'id'], 'evaluations_version_idx');
  });
  await knex.schema.createTable('measurements', table => {
    table.comment(
      'Latest value of each fact of a version, whole population: what gates read',
    );
    table
      .string('version_id', 36)
      .notNullable()
      .references('id')
      .inTable('versions');
    table.string('fact', 20).notNullable();
    table.string('name', 63).notNullable();
    table.double('value').notNullable();
    table.double('low').nullable();
    table.double('high').nullable();
    table.double('level').nullable();
    table.integer('sample_size').nullable();
    table.string('unit', 20).nullable();
    table.boolean('higher_is_better').nullable();
    table
      .string('evaluation_id', 36)
      .notNullable()
      .references('id')
      .inTable('evaluations');
    table.datetime('measured_at').notNullable();
    table.primary(['version_id', 'fact', 'name']);
  });
  await knex.schema.createTable('pipeline_runs', table => {
    table.comment('Executions of pipelines');
    table.string('id', 36).primary();
    table.text('model_ref').notNullable();
    table.text('external_id').notNullable();
    table.string('trigger', 20).notNullable();
    table.string('outcome', 20).notNullable();
    table.datetime('started_at').notNullable();
    table.datetime('finished_at').nullable();
    table.text('commit').nullable();
    table.text('url').nullable();
    table.text('version').nullable();
    table.text('stages').notNullable().comment('JSON, StageRun[]');
    table.text('reported_by').notNullable();
    table
      .string('digest', 71)
      .notNullable()
      .comment('sha256: of the RFC 8785 form of the report');
    table.unique(['model_ref', 'external_id'], {
      indexName: 'pipeline_runs_external_uq',
    });
    table.index(['model_ref', 'started_at', 'id'], 'pipeline_runs_started_idx');
  });

  // 5. Policies, by content.
  await knex.schema.createTable('policies', table => {
    table.comment('Every policy that was ever in force, by content');
    table.string('digest', 71).primary();
    table.text('name').notNullable();
    table.string('risk', 10).notNullable();
    table.text('content').notNullable().comment('JSON, the resolved policy');
    table.datetime('loaded_at').notNullable();
  });

  // 6. Promotions.
  await knex.schema.createTable('promotions', table => {
    table.comment(
      'Requests to put one version into one environment, and what became of them',
    );
    table.increments('id');
    table.text('model_ref').notNullable();
    table
      .string('version_id', 36)
      .notNullable()
      .references('id')
      .inTable('versions');
    table.text('environment').notNullable();
    table.string('environment_tier', 20).notNullable();
    table.string('kind', 20).notNullable();
    table.string('state', 20).notNullable();
    table.integer('revision').notNullable();
    table.string('reason', 20).notNullable();
    table.text('note').nullable();
    table.text('requested_by').notNullable();
    table.datetime('requested_at').notNullable();
    table.datetime('state_since').notNullable();
    table.text('history').notNullable().comment('JSON, states passed through');
    table
      .string('policy_digest', 71)
      .notNullable()
      .references('digest')
      .inTable('policies');
    table.boolean('first_deployment').notNullable();
    table
      .string('from_version_id', 36)
      .nullable()
      .references('id')
      .inTable('versions');
    table.text('from_deployment_id').nullable();
    table.text('change_kinds').notNullable().comment('JSON array');
    table.text('slots').notNullable().comment('JSON, ApprovalSlot[] asked for');
    table.text('plan').notNullable().comment('JSON, RolloutPlan');
    table
      .integer('round')
      .notNullable()
      .defaultTo(0)
      .comment('Evaluations of the gates so far');
    table.text('gate_counts').notNullable().comment('JSON, by verdict');
    table
      .text('obstacle')
      .nullable()
      .comment('What keeps it from going on beside gates, in words');
    table
      .text('evidence')
      .nullable()
      .comment('JSON, the facts that the gates relied on');
    table.string('evidence_digest', 71).nullable();
    table.string('subject_digest', 71).nullable();
    table
      .text('subject_change')
      .nullable()
      .comment('What the last change of the subject was, in words');
    table
      .integer('slots_filled')
      .notNullable()
      .defaultTo(0)
      .comment('Approvals given and not voided');
    table
      .datetime('asked_at')
      .nullable()
      .comment('When approval was asked for, of the present subject');
    table.datetime('expires_at').nullable();
    table.double('share').nullable();
    table.integer('step_index').nullable();
    table.datetime('rollout_started_at').nullable();
    table.datetime('rollout_finished_at').nullable();
    table
      .text('operation')
      .nullable()
      .comment('What the worker does next within the state');
    table
      .integer('operation_attempt')
      .notNullable()
      .defaultTo(1)
      .comment('Part of operation keys; goes up when a person retries');
    table
      .datetime('operation_since')
      .nullable()
      .comment('When the present operation was begun');
    table
      .text('resume_state')
      .nullable()
      .comment('Where retry or resume leads to');
    table.text('error_message').nullable();
    table.integer('attempts').notNullable().defaultTo(0);
    table
      .datetime('due_at')
      .nullable()
      .comment(
        'When the worker looks at it next; null when it waits for people or is over',
      );
    table.string('lease_owner', 36).nullable();
    table.datetime('lease_until').nullable();
    table.text('idempotency_key').nullable();
    table.unique(['requested_by', 'idempotency_key'], {
      indexName: 'promotions_idempotency_uq',
    });
    table.index(['model_ref', 'environment', 'id'], 'promotions_model_idx');
    table.index(['version_id', 'environment', 'id'], 'promotions_version_idx');
    table.index(['state', 'id'], 'promotions_state_idx');
    table.index(['due_at'], 'promotions_due_idx');
  });
  // One open promotion of a version into an environment, whoever asks at the same time.
  await knex.raw(
    `create unique index promotions_open_uq on promotions (version_id, environment)
     where kind = 'promotion' and state not in ('succeeded', 'rejected', 'expired', 'cancelled', 'rolled-back')`,
  );
  await knex.raw(
    `create unique index promotions_rollback_uq on promotions (model_ref, environment)
     where kind = 'rollback' and state not in ('succeeded', 'rejected', 'expired', 'cancelled', 'rolled-back')`,
  );
  await knex.schema.createTable('environment_locks', table => {
    table.comment(
      'At most one promotion at a time moves traffic of a model in an environment',
    );
    table.text('model_ref').notNullable();
    table.text('environment').notNullable();
    table
      .integer('promotion_id')
      .notNullable()
      .references('id')
      .inTable('promotions');
    table.primary(['model_ref', 'environment']);
  });
  await knex.schema.createTable('gate_verdicts', table => {
    table.comment('Verdicts of gates, every evaluation of them');
    table.string('id', 36).primary();
    table
      .integer('promotion_id')
      .notNullable()
      .references('id')
      .inTable('promotions');
    table
      .integer('round')
      .notNullable()
      .comment('Evaluations of the promotion, from 1');
    table.text('gate').notNullable();
    table.string('verdict', 20).notNullable();
    table.text('content').notNullable().comment('JSON, GateVerdict');
    table.unique(['promotion_id', 'round', 'gate'], {
      indexName: 'gate_verdicts_round_uq',
    });
  });
  await knex.schema.createTable('approval_slots', table => {
    table.comment('Slots that a promotion asks for, by role and group');
    table
      .integer('promotion_id')
      .notNullable()
      .references('id')
      .inTable('promotions');
    table.text('role').notNullable();
    table.text('group_ref').notNullable();
    table.integer('minimum').notNullable();
    table.integer('filled').notNullable().defaultTo(0);
    table.primary(['promotion_id', 'role']);
    table.index(['group_ref'], 'approval_slots_group_idx');
  });
  await knex.schema.createTable('approval_bars', table => {
    table.comment(
      'Who may not decide on a promotion, as known when approval was asked for',
    );
    table
      .integer('promotion_id')
      .notNullable()
      .references('id')
      .inTable('promotions');
    table.text('person').notNullable();
    table.text('because').notNullable().comment('Such as You requested it');
    table.primary(['promotion_id', 'person']);
    table.index(['person'], 'approval_bars_person_idx');
  });
  await knex.schema.createTable('decisions', table => {
    table.comment('Write-once decisions of people');
    table.string('id', 36).primary();
    table
      .integer('promotion_id')
      .notNullable()
      .references('id')
      .inTable('promotions');
    table.string('decision', 10).notNullable();
    table
      .text('role')
      .notNullable()
      .comment('Role held and used at that moment');
    table.text('decided_by').notNullable();
    table.datetime('decided_at').notNullable();
    table.text('reason').nullable();
    table.string('subject_digest', 71).notNullable();
    table.datetime('voided_at').nullable();
    table.text('voided_because').nullable();
    table.index(['promotion_id', 'decided_at'], 'decisions_promotion_idx');
    table.index(['decided_by', 'decided_at', 'id'], 'decisions_person_idx');
  });
  // One person fills one slot, whatever two tabs or two replicas do at once.
  await knex.raw(
    'create unique index decisions_person_uq on decisions (promotion_id, decided_by) where voided_at is null',
  );
  await knex.schema.createTable('rollout_steps', table => {
    table.comment('Steps of a rollout and how each was judged');
    table
      .integer('promotion_id')
      .notNullable()
      .references('id')
      .inTable('promotions');
    table.integer('index').notNullable();
    table.double('share').notNullable();
    table.integer('window_seconds').notNullable();
    table.integer('minimum_samples').notNullable();
    table.string('state', 20).notNullable();
    table.datetime('started_at').nullable();
    table.datetime('ends_at').nullable();
    table.datetime('judged_at').nullable();
    table.integer('samples').nullable();
    table.text('analysis').notNullable().comment('JSON, MetricAnalysis[]');
    table
      .integer('attempt')
      .notNullable()
      .defaultTo(1)
      .comment('Goes up each time a person has the step repeated');
    table.primary(['promotion_id', 'index']);
  });

  // 7. Deployments: the occupancy history.
  await knex.schema.createTable('deployments', table => {
    table.comment('Which version served where, from when to when');
    table.string('id', 36).primary();
    table.text('model_ref').notNullable();
    table
      .string('version_id', 36)
      .notNullable()
      .references('id')
      .inTable('versions');
    table.text('environment').notNullable();
    table.string('environment_tier', 20).notNullable();
    table.string('origin', 10).notNullable();
    table.string('kind', 10).notNullable();
    table.double('share').notNullable();
    table.datetime('started_at').notNullable();
    table.datetime('full_traffic_at').nullable();
    table.datetime('ended_at').nullable();
    table.string('outcome', 20).notNullable();
    table
      .integer('promotion_id')
      .nullable()
      .references('id')
      .inTable('promotions');
    table
      .text('external_id')
      .nullable()
      .comment('Id given by whoever recorded it');
    table.text('requested_by').nullable();
    table.text('approved_by').notNullable().comment('JSON array');
    table.string('reason', 20).nullable();
    table.datetime('failure_detected_at').nullable();
    table.unique(['model_ref', 'external_id'], {
      indexName: 'deployments_external_uq',
    });
    table.index(
      ['model_ref', 'environment', 'started_at', 'id'],
      'deployments_model_idx',
    );
    table.index(
      ['model_ref', 'environment', 'ended_at'],
      'deployments_ended_idx',
    );
    table.index(['version_id', 'environment'], 'deployments_version_idx');
    table.index(
      ['model_ref', 'environment_tier', 'started_at'],
      'deployments_tier_idx',
    );
    table.index(
      ['environment_tier', 'ended_at', 'started_at'],
      'deployments_served_idx',
    );
  });
  await knex.raw(
    'create index deployments_current_idx on deployments (environment, model_ref) where ended_at is null',
  );
  await knex.raw(
    'create unique index deployments_promotion_uq on deployments (promotion_id, kind) where promotion_id is not null',
  );
  await knex.schema.createTable('incidents', table => {
    table.comment('Failures in production');
    table.string('id', 36).primary();
    table.text('model_ref').notNullable();
    table.text('external_id').notNullable();
    table.text('title').notNullable();
    table.datetime('detected_at').notNullable();
    table.datetime('resolved_at').nullable();
    table.text('caused_by_version').nullable();
    table
      .string('deployment_id', 36)
      .nullable()
      .references('id')
      .inTable('deployments');
    table.text('url').nullable();
    table.unique(['model_ref', 'external_id'], {
      indexName: 'incidents_external_uq',
    });
    table.index(['model_ref', 'detected_at', 'id'], 'incidents_model_idx');
  });

  // 8. Read models of the delivery metrics: one row an event, kept by the changes themselves.
  await knex.schema.createTable('metric_deployments', table => {
    table.comment('Production deployments as the delivery metrics count them');
    table
      .string('deployment_id', 36)
      .primary()
      .references('id')
      .inTable('deployments');
    table.text('model_ref').notNullable();
    table
      .text('owner')
      .notNullable()
      .comment('Owner of the model at that time');
    table.string('risk', 10).notNullable();
    table.text('version').notNullable();
    table
      .string('change_kind', 20)
      .notNullable()
      .comment('The slowest kind of change it carried');
    table.integer('promotion_id').nullable();
    table.datetime('at').notNullable().comment('Start of production traffic');
    table.datetime('full_traffic_at').nullable();
    table
      .bigInteger('lead_time_seconds')
      .nullable()
      .comment('Earliest commit to full traffic');
    table
      .boolean('failed')
      .notNullable()
      .defaultTo(false)
      .comment('Rolled back, hot-fixed or linked to an incident');
    table
      .string('failure', 20)
      .nullable()
      .comment('rolled-back, hot-fixed or incident');
    table
      .boolean('rework')
      .nullable()
      .comment('Unplanned fix; null when not said');
    table
      .string('fixes_deployment_id', 36)
      .nullable()
      .comment('The deployment that this one hot-fixed');
    table
      .string('remedy', 20)
      .nullable()
      .comment('rolled-back or hot-fixed, apart from incidents');
    table.datetime('remedy_detected_at').nullable();
    table.datetime('remedy_restored_at').nullable();
    table.index(['at', 'deployment_id'], 'metric_deployments_at_idx');
    table.index(
      ['full_traffic_at', 'deployment_id'],
      'metric_deployments_full_idx',
    );
    table.index(['model_ref', 'at'], 'metric_deployments_model_idx');
    table.index(['owner', 'at'], 'metric_deployments_owner_idx');
    table.index(
      ['model_ref', 'full_traffic_at'],
      'metric_deployments_model_full_idx',
    );
    table.index(
      ['owner', 'full_traffic_at'],
      'metric_deployments_owner_full_idx',
    );
  });
  await knex.schema.createTable('metric_failures', table => {
    table.comment('Failures in production and how long each lasted');
    table
      .text('id')
      .primary()
      .comment(
        'deployment:ID, with the incidents it caused; incident:ID of one that no deployment caused',
      );
    table.text('model_ref').notNullable();
    table.text('owner').notNullable();
    table.string('risk', 10).notNullable();
    table.text('version').nullable();
    table.string('change_kind', 20).nullable();
    table.string('deployment_id', 36).nullable();
    table.integer('promotion_id').nullable();
    table.text('title').notNullable();
    table.text('url').nullable();
    table.datetime('detected_at').notNullable();
    table.datetime('restored_at').nullable();
    table.bigInteger('recovery_seconds').nullable();
    table
      .integer('incidents')
      .notNullable()
      .comment('How many incidents were reported of it');
    table.index(['detected_at', 'id'], 'metric_failures_at_idx');
    table.index(['model_ref', 'detected_at'], 'metric_failures_model_idx');
    table.index(['owner', 'detected_at'], 'metric_failures_owner_idx');
  });
  await knex.schema.createTable('metric_runs', table => {
    table.comment('Finished pipeline runs');
    table.string('run_id', 36).primary();
    table.text('model_ref').notNullable();
    table.text('owner').notNullable();
    table.string('risk', 10).notNullable();
    table.text('external_id').notNullable();
    table.text('version').nullable();
    table.text('url').nullable();
    table.string('outcome', 20).notNullable();
    table.datetime('finished_at').notNullable();
    table.index(['finished_at', 'run_id'], 'metric_runs_at_idx');
    table.index(['model_ref', 'finished_at'], 'metric_runs_model_idx');
    table.index(['owner', 'finished_at'], 'metric_runs_owner_idx');
  });

  // 9. Model registries.
  await knex.schema.createTable('registry_connections', table => {
    table.comment('How far each registry has been read, and how it went');
    table.text('type').notNullable();
    table.text('id').notNullable();
    table.text('cursor').nullable();
    table.datetime('last_success_at').nullable();
    table.datetime('last_attempt_at').nullable();
    table.text('error').nullable();
    table.integer('failures').notNullable().defaultTo(0);
    table.datetime('due_at').notNullable();
    table.string('lease_owner', 36).nullable();
    table.datetime('lease_until').nullable();
    table.primary(['type', 'id']);
  });
  await knex.schema.createTable('registry_versions', table => {
    table.comment('Model versions as their registry tells them');
    table.text('registry_type').notNullable();
    table.text('registry_id').notNullable();
    table.text('model').notNullable();
    table.text('version').notNullable();
    table.text('uri').notNullable();
    table.text('content').notNullable().comment('JSON, RegistryVersion');
    table.datetime('updated_at').notNullable();
    table.datetime('read_at').notNullable();
    table
      .datetime('adopt_after')
      .nullable()
      .comment(
        'When to register it here unless a pipeline has; null when it cannot or need not be',
      );
    table.primary(['registry_type', 'registry_id', 'model', 'version']);
    table.index(['adopt_after'], 'registry_versions_adopt_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of [
    'registry_versions',
    'registry_connections',
    'metric_runs',
    'metric_failures',
    'metric_deployments',
    'incidents',
    'deployments',
    'rollout_steps',
    'decisions',
    'approval_bars',
    'approval_slots',
    'gate_verdicts',
    'environment_locks',
    'promotions',
    'policies',
    'pipeline_runs',
    'measurements',
    'evaluations',
    'versions',
    'models',
    'outbox',
    'audit_head',
    'audit_entries',
  ]) {
    await knex.schema.dropTableIfExists(table);
  }
};
