import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { VertexConnection } from './config';
import { VertexModel } from './vertexSchemas';

/** The id of a model: the last part of its name, without that of a version. */
export function modelIdOf({ name }: Pick<VertexModel, 'name'>): string {
  return name.slice(name.lastIndexOf('/') + 1).replace(/@[^@]*$/, '');
}

/** A version as the engine takes it. */
export function toRegistryVersion(
  item: VertexModel,
  { project, location }: VertexConnection,
): RegistryVersion {
  const model = modelIdOf(item);
  const version = item.versionId;
  const path = [location, 'models', model, 'versions', version]
    .map(encodeURIComponent)
    .join('/');
  return {
    model,
    version,
    uri: `${item.name.replace(/@[^@/]*$/, '')}@${version}`,
    url: `https://console.cloud.google.com/vertex-ai/models/locations/${path}/properties?project=${encodeURIComponent(
      project,
    )}`,
    runId: item.pipelineJob || item.trainingPipeline || undefined,
    aliases: [...item.versionAliases].sort(),
    tags: { ...factsOf(item), ...item.labels },
    parameters: {},
    metrics: {},
    datasets: [],
    createdAt: item.versionCreateTime,
    updatedAt: item.versionUpdateTime,
  };
}

/** What Vertex AI itself says of a version, as tags under its own names. */
function factsOf(item: VertexModel): Record<string, string> {
  const { modelGardenSource, genieSource } = item.baseModelSource ?? {};
  const facts: Record<string, string | undefined> = {
    'vertex.displayName': item.displayName,
    'vertex.description': item.description,
    'vertex.versionDescription': item.versionDescription,
    'vertex.artifactUri': item.artifactUri,
    'vertex.imageUri': item.containerSpec?.imageUri,
    'vertex.sourceType': item.modelSourceInfo?.sourceType,
    'vertex.baseModel':
      modelGardenSource?.publicModelName || genieSource?.baseModelUri,
  };
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, string] =>
      Boolean(entry[1]),
    ),
  );
}
