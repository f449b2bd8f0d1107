import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { DatabaseTime, toNumber } from '../database/values';
import { adoptAfter } from './adoption';
import { selectFollowed } from './followedAliasStore';

/** What a connection to a registry is found by. */
export interface ConnectionKey {
  type: string;
  id: string;
}

/** A row of `registry_connections`. */
export interface ConnectionRow extends ConnectionKey {
  cursor: string | null;
  last_success_at: DatabaseTime | null;
  last_attempt_at: DatabaseTime | null;
  error: string | null;
  failures: number;
  import_started_at: DatabaseTime | null;
  import_versions: number;
  import_reached_at: DatabaseTime | null;
  due_at: DatabaseTime;
  lease_owner: string | null;
  lease_until: DatabaseTime | null;
}

/** A version of a registry that is to be registered here. */
export interface AdoptableRow {
  model: string;
  version: string;
  uri: string;
  content: string;
  model_ref: string;
}

/** Rows of one statement, well below the limits of both databases. */
const BATCH = 200;

/** Makes the connection's row if it has none. */
export async function ensureConnection(
  knex: Knex,
  key: ConnectionKey,
  now: Date,
): Promise<void> {
  await knex('registry_connections')
    .insert({ ...key, due_at: now })
    .onConflict(['type', 'id'])
    .ignore();
}

/**
 * Takes the lease of a connection that is due, or of which a delivery or an alias is, for one of the replicas only.
 * @returns its row, or undefined when it is not due or another replica reads it.
 */
export async function claimConnection(
  knex: Knex,
  key: ConnectionKey,
  lease: {
    owner: string;
    now: Date;
    until: Date;
    /** Environments whose aliases are set in it. */
    environments: string[];
  },
): Promise<ConnectionRow | undefined> {
  const claimed = await knex('registry_connections')
    .where({ type: key.type, id: key.id })
    .where(due =>
      due
        .where('due_at', '<=', lease.now)
        .orWhereExists(
          knex('registry_deliveries')
            .where({ registry_type: key.type, registry_id: key.id })
            .where('registry_deliveries.due_at', '<=', lease.now)
            .select(knex.raw('1')),
        )
        .orWhereExists(
          selectFollowed(knex, key, lease.environments, lease.now).select(
            knex.raw('1'),
          ),
        ),
    )
    .where(free =>
      free.whereNull('lease_until').orWhere('lease_until', '<=', lease.now),
    )
    .update({ lease_owner: lease.owner, lease_until: lease.until });
  return claimed === 1
    ? knex<ConnectionRow>('registry_connections')
        .where({ type: key.type, id: key.id })
        .first()
    : undefined;
}

/**
 * Changes the row of a connection whose lease one holds.
 * @returns whether one still holds it.
 */
export async function updateClaimed(
  knex: Knex,
  key: ConnectionKey,
  owner: string,
  change: Partial<Omit<ConnectionRow, keyof ConnectionKey>>,
): Promise<boolean> {
  const updated = await knex('registry_connections')
    .where({ type: key.type, id: key.id, lease_owner: owner })
    .update(change);
  return updated === 1;
}

/** The connections that were ever read from. */
export async function findConnections(knex: Knex): Promise<ConnectionRow[]> {
  return knex<ConnectionRow>('registry_connections').orderBy(['type', 'id']);
}

/** Has a connection read as soon as a replica is free to, also after failures. */
export async function makeDue(
  knex: Knex,
  key: ConnectionKey,
  now: Date,
): Promise<void> {
  await knex('registry_connections')
    .where({ type: key.type, id: key.id })
    .where('due_at', '>', now)
    .update({ due_at: now });
}

/** How much was read of each connection, as `TYPE://ID`: models as the registry names them, and versions. */
export async function countRead(
  knex: Knex,
): Promise<Map<string, { models: number; versions: number }>> {
  const rows: {
    registry_type: string;
    registry_id: string;
    models: number | string;
    versions: number | string;
  }[] = await knex('registry_versions')
    .groupBy('registry_type', 'registry_id')
    .select('registry_type', 'registry_id')
    .countDistinct({ models: 'model' })
    .count({ versions: '*' });
  return new Map(
    rows.map(row => [
      `${row.registry_type}://${row.registry_id}`,
      { models: toNumber(row.models), versions: toNumber(row.versions) },
    ]),
  );
}

/** How many models of the catalog each connection is named by, as `TYPE://ID`. */
export async function countModels(knex: Knex): Promise<Map<string, number>> {
  return countByConnection(
    knex('models').whereNotNull('registry_type').whereNull('removed_at'),
    'models',
  );
}

/** Counts what is selected by the connections that a table names, as `TYPE://ID`. */
async function countByConnection(
  selected: Knex.QueryBuilder,
  table: string,
): Promise<Map<string, number>> {
  const columns = [`${table}.registry_type`, `${table}.registry_id`];
  const rows: {
    registry_type: string;
    registry_id: string;
    count: number | string;
  }[] = await selected.groupBy(columns).select(columns).count({ count: '*' });
  return new Map(
    rows.map(row => [
      `${row.registry_type}://${row.registry_id}`,
      toNumber(row.count),
    ]),
  );
}

/**
 * Stores versions as the registry tells them now.
 * @returns the names of the models of which it tells something else than before.
 */
export async function saveRegistryVersions(
  tx: Knex.Transaction,
  key: ConnectionKey,
  versions: RegistryVersion[],
  readAt: Date,
): Promise<Set<string>> {
  const rows = versions.map(version => {
    const { evaluations, ...content } = version;
    return {
      registry_type: key.type,
      registry_id: key.id,
      model: version.model,
      version: version.version,
      uri: version.uri,
      content: JSON.stringify(content),
      evaluations: evaluations?.length ? JSON.stringify(evaluations) : null,
      updated_at: version.updatedAt,
      read_at: readAt,
      adopt_after: adoptAfter(version) ?? null,
      gone_at: null,
    };
  });
  const changed = new Set<string>();
  for (let i = 0; i < rows.length; i += BATCH) {
    const some = rows.slice(i, i + BATCH);
    const known = new Set(await findTold(tx, key, some));
    some
      .filter(row => !known.has(toldOf(row)))
      .forEach(row => changed.add(row.model));
    await tx('registry_versions')
      .insert(some)
      .onConflict(['registry_type', 'registry_id', 'model', 'version'])
      .merge();
  }
  return changed;
}

type ToldColumns = {
  model: string;
  version: string;
  content: string;
  evaluations: string | null;
  gone_at: DatabaseTime | null;
};

/** What was told of versions so far. */
async function findTold(
  tx: Knex.Transaction,
  key: ConnectionKey,
  versions: { model: string; version: string }[],
): Promise<string[]> {
  const rows: ToldColumns[] = await tx('registry_versions')
    .where({ registry_type: key.type, registry_id: key.id })
    .whereIn(
      ['model', 'version'],
      versions.map(({ model, version }) => [model, version]),
    )
    .select('model', 'version', 'content', 'evaluations', 'gone_at');
  return rows.map(toldOf);
}

function toldOf(row: ToldColumns): string {
  return JSON.stringify([
    row.model,
    row.version,
    row.content,
    row.evaluations,
    row.gone_at === null,
  ]);
}

/** The models of those names in a registry that have versions here: what it tells is shown with these. */
export async function findShownModels(
  knex: Knex,
  key: ConnectionKey,
  names: string[],
): Promise<string[]> {
  return knex('models')
    .where({ registry_type: key.type, registry_id: key.id })
    .whereIn('registry_model', names)
    .whereNull('removed_at')
    .where('version_count', '>', 0)
    .pluck('ref');
}

/** Versions whose time to be registered here has come, with the models they belong to. */
function selectAdoptable(knex: Knex, now: Date): Knex.QueryBuilder {
  return knex('registry_versions')
    .join('models', join =>
      join
        .on('models.registry_type', 'registry_versions.registry_type')
        .andOn('models.registry_id', 'registry_versions.registry_id')
        .andOn('models.registry_model', 'registry_versions.model'),
    )
    .whereNull('models.removed_at')
    .where('registry_versions.adopt_after', '<=', now);
}

/** How many versions of each connection are to be registered here by now and are not yet, as `TYPE://ID`. */
export async function countAdoptable(
  knex: Knex,
  now: Date,
): Promise<Map<string, number>> {
  return countByConnection(selectAdoptable(knex, now), 'registry_versions');
}

/**
 * Versions of the connection whose time to be registered here has come, and the models they belong to: model by model, the
 * oldest of each first.
 * @param from - the first model to look at, by the registry's name
 */
export async function findAdoptable(
  knex: Knex,
  key: ConnectionKey,
  now: Date,
  { from, limit }: { from: string; limit: number },
): Promise<AdoptableRow[]> {
  return selectAdoptable(knex, now)
    .where({
      'registry_versions.registry_type': key.type,
      'registry_versions.registry_id': key.id,
    })
    .where('registry_versions.model', '>=', from)
    .orderBy([
      'registry_versions.model',
      'registry_versions.adopt_after',
      'registry_versions.version',
    ])
    .limit(limit)
    .select(
      'registry_versions.model',
      'registry_versions.version',
      'registry_versions.uri',
      'registry_versions.content',
      'models.ref as model_ref',
    );
}

/** Which of some versions of a model are registered here, by their names or URIs. */
export async function findRegistered(
  knex: Knex,
  modelRef: string,
  versions: { version: string; uri: string }[],
): Promise<(of: { version: string; uri: string }) => boolean> {
  const rows: { name: string; registry_uri: string | null }[] = await knex(
    'versions',
  )
    .where({ model_ref: modelRef })
    .where(either =>
      either
        .whereIn(
          'name',
          versions.map(({ version }) => version),
        )
        .orWhereIn(
          'registry_uri',
          versions.map(({ uri }) => uri),
        ),
    )
    .select('name', 'registry_uri');
  const names = new Set(rows.map(row => row.name));
  const uris = new Set(rows.map(row => row.registry_uri));
  return ({ version, uri }) => names.has(version) || uris.has(uri);
}

/** Notes that versions of a model need not be registered from the registry any more; not many at once. */
export async function markAdopted(
  knex: Knex,
  key: ConnectionKey,
  model: string,
  versions: string[],
): Promise<void> {
  await knex('registry_versions')
    .where({ registry_type: key.type, registry_id: key.id, model })
    .whereIn('version', versions)
    .update({ adopt_after: null });
}
