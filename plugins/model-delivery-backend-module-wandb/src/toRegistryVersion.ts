import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { WandbConnection } from './config';
import { asObject, listFacts, listTexts, readFields } from './jsonFacts';
import { WandbCollection, WandbMembership } from './wandbSchemas';

const REGISTRY_PREFIX = 'wandb-registry-';

/** A version as the engine takes it; `undefined` when its artifact is not there, or not any more. */
export function toRegistryVersion(
  model: string,
  { versionIndex, createdAt, aliases, artifact }: WandbMembership,
  collection: WandbCollection,
  connection: WandbConnection,
): RegistryVersion | undefined {
  if (versionIndex === null || artifact?.state !== 'COMMITTED') {
    return undefined;
  }
  const { createdBy } = artifact;
  const run = createdBy?.__typename === 'Run' ? createdBy : undefined;
  const user = createdBy?.__typename === 'User' ? createdBy : run?.user;
  const metadata = readFields(artifact.metadata);
  const config = readFields(run?.config);
  const summary = readFields(run?.summaryMetrics);
  const unread = [
    !metadata && 'metadata',
    !config && 'config',
    !summary && 'summaryMetrics',
  ].filter(Boolean);
  const { artifactSequence: source } = artifact;
  const version = `v${versionIndex}`;
  const facts: Record<string, string | null | undefined> = {
    'wandb.digest': artifact.digest,
    'wandb.description': artifact.description,
    'wandb.tags': artifact.tags?.map(({ name }) => name).join(', '),
    'wandb.collectionDescription': collection.description,
    'wandb.collectionTags': collection.tags.join(', '),
    'wandb.source':
      source?.project &&
      `${source.project.entityName}/${source.project.name}/${source.name}:v${artifact.versionIndex}`,
    'wandb.run':
      run?.project &&
      `${run.project.entityName}/${run.project.name}/${run.name}`,
    'wandb.notRead': unread.join(', '),
    'mlflow.source.git.commit': run?.commit,
  };
  return {
    model,
    version,
    uri: `wandb-artifact:///${connection.entity}/${connection.project}/${model}:${version}`,
    url: linkTo(model, version, connection),
    runId: run?.name,
    aliases,
    tags: { ...withoutEmpty(facts), ...listTexts(metadata ?? {}) },
    parameters: listTexts(parametersIn(config ?? {})),
    metrics: metricsIn(summary ?? {}),
    datasets: (run?.inputArtifacts?.edges ?? [])
      .filter(({ artifactType }) => artifactType.name === 'dataset')
      .map(({ artifactSequence, digest }) => ({
        name: artifactSequence.name,
        digest,
      })),
    user: user?.username || undefined,
    createdAt,
    updatedAt: latest([createdAt, artifact.updatedAt]),
  };
}

/** The latest of some moments. */
export function latest(moments: (Date | null | undefined)[]): Date {
  return new Date(Math.max(...moments.map(each => each?.getTime() ?? 0)));
}

/** Each parameter comes with a description of its own; the rest is the library's. */
function parametersIn(config: Record<string, unknown>) {
  return Object.fromEntries(
    Object.entries(config)
      .filter(
        ([name]) => !name.startsWith('_wandb') && name !== 'wandb_version',
      )
      .map(([name, entry]) => {
        const told = asObject(entry);
        return [name, told && 'value' in told ? told.value : entry];
      }),
  );
}

/** Numbers of the summary; what begins with `_` is the library's, such as the step. */
function metricsIn(summary: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(
    listFacts(summary).filter(
      (fact): fact is [string, number] =>
        typeof fact[1] === 'number' &&
        Number.isFinite(fact[1]) &&
        !fact[0].startsWith('_'),
    ),
  );
}

/** The version's page; a registry of an organization has none unless the organization is known. */
function linkTo(
  model: string,
  version: string,
  { entity, project, organization, artifactType, publicUrl }: WandbConnection,
): string | undefined {
  const query = new URLSearchParams({
    selectionPath: `${entity}/${project}/${model}`,
    view: 'membership',
    version,
  });
  const join = (...parts: string[]) => parts.map(encodeURIComponent).join('/');
  if (project.startsWith(REGISTRY_PREFIX)) {
    const registry = project.slice(REGISTRY_PREFIX.length);
    return (
      organization &&
      `${publicUrl}/${join(
        'orgs',
        organization,
        'registry',
        registry,
      )}?${query}`
    );
  }
  return project === 'model-registry'
    ? `${publicUrl}/${join(entity, 'registry', 'model')}?${query}`
    : `${publicUrl}/${join(
        entity,
        project,
        'artifacts',
        artifactType,
        model,
        version,
      )}`;
}

function withoutEmpty(
  facts: Record<string, string | null | undefined>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, string] =>
      Boolean(entry[1]),
    ),
  );
}
