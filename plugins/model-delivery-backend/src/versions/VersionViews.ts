import { Version } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { DatabaseTime, toIso } from '../database/values';
import { ModelRecord } from '../models/ModelRecord';
import { VersionRecord } from './VersionRecord';
import { findMetrics } from './versionStore';

type RegistryPart = NonNullable<Version['registry']>;
type EnvironmentPart = Version['environments'][number];

/** What a registry told of one version. */
export interface RegistryRow {
  version: string;
  uri: string;
  content: string;
  /** JSON, or null when nothing was measured of it. */
  evaluations: string | null;
  read_at: DatabaseTime;
  gone_at: DatabaseTime | null;
}

/**
 * Versions of one model as the API shows them: with their measurements, their run, what the registry says of them and
 * where they serve, each asked for once for all of them.
 */
export async function toVersionViews(
  knex: Knex,
  model: ModelRecord,
  versions: VersionRecord[],
): Promise<Version[]> {
  const ids = versions.map(version => version.id);
  const [facts, environments, runs, registry] = await Promise.all([
    findMetrics(knex, ids, ['candidate', 'training']),
    findEnvironments(knex, ids),
    findRunUrls(knex, model.ref, versions),
    findRegistryRows(knex, model, versions),
  ]);
  const measured = (id: string, fact: string) =>
    (facts.get(id) ?? [])
      .filter(each => each.fact === fact)
      .map(each => each.measured);
  return versions.map(version => ({
    model: version.modelRef,
    version: version.name,
    digest: version.digest,
    parts: version.parts,
    createdAt: version.createdAt.toISOString(),
    registeredAt: version.registeredAt.toISOString(),
    registeredBy: version.registeredBy,
    trainedBy: version.trainedBy,
    commits: version.commits,
    changeKinds: version.changeKinds,
    run:
      version.runId === null
        ? null
        : { id: version.runId, url: runs.get(version.runId) ?? null },
    registry: toRegistryPart(model, registry(version)),
    metrics: measured(version.id, 'candidate'),
    trainingMetrics: measured(version.id, 'training'),
    environments: environments.get(version.id) ?? [],
  }));
}

async function findEnvironments(
  knex: Knex,
  versionIds: string[],
): Promise<Map<string, EnvironmentPart[]>> {
  const rows: {
    version_id: string;
    environment: string;
    share: number;
    started_at: DatabaseTime;
  }[] = await knex('deployments')
    .whereIn('version_id', versionIds)
    .whereNull('ended_at')
    .orderBy('started_at')
    .select('version_id', 'environment', 'share', 'started_at');
  const found = new Map<string, EnvironmentPart[]>();
  rows.forEach(row =>
    found.set(row.version_id, [
      ...(found.get(row.version_id) ?? []),
      {
        name: row.environment,
        share: row.share,
        since: toIso(row.started_at),
      },
    ]),
  );
  return found;
}

async function findRunUrls(
  knex: Knex,
  modelRef: string,
  versions: VersionRecord[],
): Promise<Map<string, string | null>> {
  const ids = versions.flatMap(version => version.runId ?? []);
  const rows: { external_id: string; url: string | null }[] =
    ids.length === 0
      ? []
      : await knex('pipeline_runs')
          .where({ model_ref: modelRef })
          .whereIn('external_id', ids)
          .select('external_id', 'url');
  return new Map(rows.map(row => [row.external_id, row.url]));
}

/**
 * What the registry last told of versions of one model: found by the URI that a version was registered with; by its name
 * when it came without one.
 */
export async function findRegistryRows(
  knex: Knex,
  model: ModelRecord,
  versions: VersionRecord[],
): Promise<(version: VersionRecord) => RegistryRow | undefined> {
  if (!model.registry || versions.length === 0) {
    return () => undefined;
  }
  const { type, id } = model.registry;
  const rows: RegistryRow[] = await knex('registry_versions')
    .where({
      registry_type: type,
      registry_id: id,
      model: model.registry.model,
    })
    .where(builder =>
      builder
        .whereIn(
          'version',
          versions.map(version => version.name),
        )
        .orWhereIn(
          'uri',
          versions.flatMap(version => version.registryUri ?? []),
        ),
    )
    .select('version', 'uri', 'content', 'evaluations', 'read_at', 'gone_at');
  const byUri = new Map(rows.map(row => [row.uri, row]));
  const byName = new Map(rows.map(row => [row.version, row]));
  return version =>
    version.registryUri
      ? byUri.get(version.registryUri)
      : byName.get(version.name);
}

function toRegistryPart(
  model: ModelRecord,
  row: RegistryRow | undefined,
): RegistryPart | null {
  if (!model.registry || !row) {
    return null;
  }
  const content: Omit<RegistryPart, 'id' | 'readAt' | 'goneAt' | 'runId'> & {
    runId?: string;
  } = JSON.parse(row.content);
  return {
    id: model.registry.id,
    uri: content.uri,
    ...(content.url !== undefined && { url: content.url }),
    runId: content.runId ?? null,
    aliases: content.aliases,
    tags: content.tags,
    parameters: content.parameters,
    metrics: content.metrics,
    ...(content.loggedModel && { loggedModel: content.loggedModel }),
    readAt: toIso(row.read_at),
    ...(row.gone_at !== null && { goneAt: toIso(row.gone_at) }),
  };
}
