import {
  ChangeKind,
  Measurement,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { DatabaseTime, toDate } from '../database/values';
import {
  Commit,
  FactMeasurement,
  MeasurementRow,
  NamedPerson,
  toFactMeasurement,
  toMeasured,
  toVersionRecord,
  ValueRow,
  VersionRecord,
  VersionRow,
} from './VersionRecord';

/** Versions whose commits are listed at most, newest first; who wrote and trained is told of all of them. */
const VERSIONS_WITH_COMMITS = 100;

/** What lies between two versions of a model. */
export interface VersionsSince {
  /** Newest first. */
  commits: Commit[];
  /** Users that wrote the commits; as given where the catalog knew nobody by that name. */
  authors: string[];
  /** Users that trained the versions, likewise. */
  trainers: string[];
  /** Earliest commit that is known, null without any. */
  firstCommitAt: Date | null;
  changeKinds: ChangeKind[];
}

/** The version of that id. */
export async function findVersionById(
  knex: Knex,
  id: string,
): Promise<VersionRecord | undefined> {
  const row = await knex<VersionRow>('versions').where({ id }).first();
  return row && toVersionRecord(row);
}

/** The version of that name. */
export async function findVersion(
  knex: Knex,
  modelRef: string,
  name: string,
): Promise<VersionRecord | undefined> {
  const row = await knex<VersionRow>('versions')
    .where({ model_ref: modelRef, name })
    .first();
  return row && toVersionRecord(row);
}

/** Those of the names that are registered, by name; not many at once. */
export async function findVersionsNamed(
  knex: Knex,
  modelRef: string,
  names: string[],
): Promise<Map<string, VersionRecord>> {
  const rows = await knex<VersionRow>('versions')
    .where({ model_ref: modelRef })
    .whereIn('name', names);
  return new Map(rows.map(row => [row.name, toVersionRecord(row)]));
}

/** The versions of a model that were registered last, the newest first. */
export async function findLatestVersions(
  knex: Knex,
  modelRef: string,
  limit: number,
): Promise<VersionRecord[]> {
  const rows = await knex<VersionRow>('versions')
    .where({ model_ref: modelRef })
    .orderBy('position', 'desc')
    .limit(limit);
  return rows.map(toVersionRecord);
}

/**
 * What a version is measured against: the one that serves in production, or, for one that serves there itself or did,
 * the last that served all of it before.
 */
export async function findPredecessorInProduction(
  knex: Knex,
  modelRef: string,
  versionId: string,
): Promise<VersionRecord | undefined> {
  const inProduction = () =>
    knex('deployments').where({
      'deployments.model_ref': modelRef,
      'deployments.environment_tier': 'production',
    });
  const own: { started_at: DatabaseTime } | undefined = await inProduction()
    .where({ version_id: versionId })
    .whereNotNull('full_traffic_at')
    .orderBy('started_at')
    .first('started_at');
  const row: VersionRow | undefined = await inProduction()
    .join('versions', 'versions.id', 'deployments.version_id')
    .whereNot('deployments.version_id', versionId)
    .whereNotNull('deployments.full_traffic_at')
    .modify(query =>
      own
        ? query.where('deployments.started_at', '<', toDate(own.started_at))
        : query.whereNull('deployments.ended_at'),
    )
    .orderBy('deployments.started_at', 'desc')
    .first('versions.*');
  return row && toVersionRecord(row);
}

/** The version registered last. */
export async function findLatestVersion(
  knex: Knex,
  modelRef: string,
): Promise<VersionRecord | undefined> {
  return (await findLatestVersions(knex, modelRef, 1))[0];
}

/** The latest measurements of versions, whole population, by fact and name. */
export async function findMeasurements(
  knex: Knex,
  versionIds: string[],
): Promise<Map<string, FactMeasurement[]>> {
  const rows: MeasurementRow[] = await knex('measurements')
    .join('evaluations', 'evaluations.id', 'measurements.evaluation_id')
    .whereIn('measurements.version_id', versionIds)
    .orderBy(['measurements.fact', 'measurements.name'])
    .select(
      'measurements.*',
      'evaluations.external_id as evaluation_external_id',
      'evaluations.source as evaluation_source',
    );
  const byVersion = new Map<string, FactMeasurement[]>(
    versionIds.map(id => [id, []]),
  );
  rows.forEach(row =>
    byVersion.get(row.version_id)?.push(toFactMeasurement(row)),
  );
  return byVersion;
}

/** What versions measured of some facts, as the API says it, by version. */
export async function findMetrics(
  knex: Knex,
  versionIds: string[],
  facts: FactMeasurement['fact'][],
): Promise<Map<string, { fact: string; measured: Measurement }[]>> {
  const rows: ValueRow[] = await knex('measurements')
    .whereIn('version_id', versionIds)
    .whereIn('fact', facts)
    .orderBy('name')
    .select(
      'version_id',
      'fact',
      'name',
      'value',
      'low',
      'high',
      'level',
      'sample_size',
      'unit',
      'higher_is_better',
    );
  const byVersion = new Map<string, { fact: string; measured: Measurement }[]>(
    versionIds.map(id => [id, []]),
  );
  rows.forEach(row =>
    byVersion
      .get(row.version_id)
      ?.push({ fact: row.fact, measured: toMeasured(row) }),
  );
  return byVersion;
}

/**
 * What lies between the versions: the union over all versions of the model that were registered after the one, up to
 * and with the other. From an equal or later one it is the version alone; from null everything up to it.
 */
export async function findSince(
  knex: Knex,
  fromVersionId: string | null,
  versionId: string,
): Promise<VersionsSince> {
  const rows: {
    authors: string;
    trained_by: string;
    first_commit_at: DatabaseTime | null;
    change_kinds: string;
    /** Null where commits are not listed. */
    commits: string | null;
  }[] = await knex('versions as last')
    .join('versions', 'versions.model_ref', 'last.model_ref')
    .leftJoin('versions as before', join =>
      join.on(knex.raw('before.id = ?', [fromVersionId])),
    )
    .where('last.id', versionId)
    .whereRaw('versions.position <= last.position')
    .whereRaw(
      '(versions.id = last.id or versions.position > coalesce(before.position, 0))',
    )
    .orderBy('versions.position', 'desc')
    .select(
      'versions.authors',
      'versions.trained_by',
      'versions.first_commit_at',
      'versions.change_kinds',
      knex.raw(
        'case when row_number() over (order by versions.position desc) <= ? then versions.commits end as commits',
        [VERSIONS_WITH_COMMITS],
      ),
    );
  if (rows.length === 0) {
    throw new Error(`There is no version with the id ${versionId}`);
  }
  const times = rows.flatMap(row =>
    row.first_commit_at === null ? [] : [toDate(row.first_commit_at).getTime()],
  );
  return {
    commits: rows.flatMap(row => JSON.parse(row.commits ?? '[]') as Commit[]),
    authors: distinct(
      rows.flatMap(row =>
        (JSON.parse(row.authors) as NamedPerson[]).map(person => person.ref),
      ),
    ),
    trainers: distinct(rows.map(row => row.trained_by)),
    firstCommitAt:
      times.length === 0
        ? null
        : new Date(times.reduce((a, b) => Math.min(a, b))),
    changeKinds: distinct(
      rows.flatMap(row => JSON.parse(row.change_kinds) as ChangeKind[]),
    ),
  };
}

function distinct<T>(values: T[]): T[] {
  return [...new Set(values)];
}
