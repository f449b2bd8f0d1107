// @ts-check
const { createHash } = require('node:crypto');

/** Versions read at a time. */
const BATCH = 200;

/**
 * Lineage: what was made of what. Names are apart from the nodes, one for each version of what they name, so that two names
 * for one thing can be found to be the same later.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  // 1. The graph
  await knex.schema.createTable('lineage_names', table => {
    table.comment('Names of what lineage knows: things, runs and jobs');
    table.increments('id');
    table
      .string('key', 64)
      .notNullable()
      .comment('Hex SHA-256 of the class, namespace and name: they are long');
    table.string('class', 10).notNullable().comment('thing, run or job');
    table.string('kind', 20).notNullable().comment('Such as dataset or model');
    table
      .text('namespace')
      .notNullable()
      .comment(
        'As in OpenLineage; backstage for entity refs, and the ref of a model for what only it calls so',
      );
    table.text('name').notNullable();
    table
      .integer('same_as')
      .nullable()
      .comment('The first of the names of one thing; null where it is itself');
    table.unique(['key'], { indexName: 'lineage_names_key_uq' });
    table.index(['same_as'], 'lineage_names_same_idx');
  });
  await knex.schema.createTable('lineage_nodes', table => {
    table.comment('One version of what a name names, or all of it');
    table.increments('id');
    table
      .integer('name_id')
      .notNullable()
      .references('id')
      .inTable('lineage_names');
    table
      .text('version')
      .notNullable()
      .comment('Empty where none was said, and for runs and jobs');
    table.unique(['name_id', 'version'], { indexName: 'lineage_nodes_uq' });
  });
  await knex.schema.createTable('lineage_edges', table => {
    table.comment('What was made of what: from source to target');
    table
      .integer('source_id')
      .notNullable()
      .references('id')
      .inTable('lineage_nodes');
    table
      .integer('target_id')
      .notNullable()
      .references('id')
      .inTable('lineage_nodes');
    table
      .string('relation', 20)
      .notNullable()
      .comment('input, output, data, configuration or base-model');
    table.primary(['source_id', 'target_id']);
    table.index(['target_id', 'source_id'], 'lineage_edges_target_idx');
  });
  await knex.schema.createTable('lineage_runs', table => {
    table.comment('Runs of jobs, as OpenLineage events told of them');
    table
      .integer('node_id')
      .primary()
      .references('id')
      .inTable('lineage_nodes');
    table.text('job_namespace').notNullable();
    table.text('job_name').notNullable();
    table.string('state', 10).nullable().comment('Of the event that counts');
    table.datetime('state_at').nullable();
    table.datetime('started_at').nullable();
    table.datetime('ended_at').nullable();
    table.text('commit').nullable();
    table.text('repository').nullable();
    table
      .datetime('commit_at')
      .nullable()
      .comment('Of the event that said which commit');
  });
  await knex.schema.createTable('lineage_columns', table => {
    table.comment('Columns that were made of columns');
    table.string('key', 64).primary().comment('Hex SHA-256 of all the rest');
    table
      .integer('target_id')
      .notNullable()
      .references('id')
      .inTable('lineage_nodes');
    table.text('target_column').notNullable();
    table
      .integer('source_name_id')
      .notNullable()
      .references('id')
      .inTable('lineage_names');
    table.text('source_column').notNullable();
    table.text('transformation').nullable();
    table.index(['target_id'], 'lineage_columns_target_idx');
  });
  await knex.schema.createTable('lineage_events', table => {
    table.comment('Events that were taken in, each once');
    table
      .string('digest', 71)
      .primary()
      .comment('sha256: of the RFC 8785 form of the event');
    table.datetime('received_at').notNullable();
    table.text('reported_by').notNullable();
  });

  // 2. What the versions say that they were made of
  const ids = new Map();
  const nodeOf = async ({ kind, namespace, name, version }) => {
    const nameKey = createHash('sha256')
      .update(JSON.stringify(['thing', namespace, name]))
      .digest('hex');
    const key = `${nameKey}@${version}`;
    if (!ids.has(key)) {
      await knex('lineage_names')
        .insert({ key: nameKey, class: 'thing', kind, namespace, name })
        .onConflict('key')
        .ignore();
      const { id } = await knex('lineage_names')
        .where({ key: nameKey })
        .first();
      await knex('lineage_nodes')
        .insert({ name_id: id, version })
        .onConflict(['name_id', 'version'])
        .ignore();
      const node = await knex('lineage_nodes')
        .where({ name_id: id, version })
        .first();
      ids.set(key, node.id);
    }
    return ids.get(key);
  };
  let after = '';
  for (;;) {
    const versions = await knex('versions')
      .where('id', '>', after)
      .orderBy('id')
      .limit(BATCH)
      .select('id', 'model_ref', 'name', 'parts');
    for (const version of versions) {
      const target = await nodeOf({
        kind: 'model',
        namespace: 'backstage',
        name: version.model_ref,
        version: version.name,
      });
      for (const { relation, ...source } of sourcesOf(version)) {
        await knex('lineage_edges')
          .insert({
            source_id: await nodeOf(source),
            target_id: target,
            relation,
          })
          .onConflict(['source_id', 'target_id'])
          .ignore();
      }
    }
    if (versions.length < BATCH) {
      break;
    }
    after = versions[versions.length - 1].id;
  }
};

/** What a version was made of, as the engine names it from now on. */
function sourcesOf({ model_ref: modelRef, parts }) {
  const { data, configuration, baseModel } = JSON.parse(parts);
  return [
    ...data.map(each => ({
      ...nameOf('dataset', each.name, modelRef),
      version: each.version,
      relation: 'data',
    })),
    ...configuration.map(each => ({
      ...nameOf('configuration', each.name, modelRef),
      version: each.digest,
      relation: 'configuration',
    })),
    ...(baseModel ? [{ ...baseOf(baseModel), relation: 'base-model' }] : []),
  ];
}

function nameOf(kind, given, modelRef) {
  if (/^[a-z][a-z0-9]*:[^:/\s]+\/[^:/\s]+$/i.test(given)) {
    return { kind, namespace: 'backstage', name: given.toLowerCase() };
  }
  const uri = /^([a-z][a-z0-9+.-]*:\/\/[^/]+)\/(.+)$/i.exec(given);
  return uri
    ? { kind, namespace: uri[1], name: uri[2] }
    : { kind, namespace: modelRef, name: given };
}

function baseOf(given) {
  const [, name, version] = /^(.+?)(?:@([^@]*))?$/.exec(given) ?? [];
  return { ...nameOf('model', name, 'base-model'), version: version ?? '' };
}

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'lineage_events',
    'lineage_columns',
    'lineage_runs',
    'lineage_edges',
    'lineage_nodes',
    'lineage_names',
  ]) {
    await knex.schema.dropTable(table);
  }
};
