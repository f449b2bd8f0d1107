import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { ModelPackage } from './sagemakerSchemas';

/** Custom properties that are parameters and metrics of the version, rather than tags. */
const PARAMETER = 'parameter.';
const METRIC = 'metric.';

/** The reports that a version refers to, by where the API has them. */
const REPORTS = [
  ['ModelQuality', ['Statistics', 'Constraints']],
  ['ModelDataQuality', ['Statistics', 'Constraints']],
  ['Bias', ['Report', 'PreTrainingReport', 'PostTrainingReport']],
  ['Explainability', ['Report']],
] as const;

/** Last change of a version, in milliseconds since 1970. */
export function changedMs(item: ModelPackage): number {
  return (item.LastModifiedTime ?? item.CreationTime).getTime();
}

/**
 * A version as the engine takes it, or `undefined` for a package that belongs to no group: it is a version of nothing.
 * @param groupTags - of the group, whose tags a version shares
 */
export function toRegistryVersion(
  item: ModelPackage,
  groupTags: Record<string, string>,
): RegistryVersion | undefined {
  const { ModelPackageGroupName: model, ModelPackageVersion: version } = item;
  if (!model || version === undefined) {
    return undefined;
  }
  const custom = Object.entries(item.CustomerMetadataProperties ?? {});
  return {
    model,
    version: String(version),
    uri: item.ModelPackageArn,
    runId: item.MetadataProperties?.GeneratedBy || undefined,
    aliases: [],
    tags: {
      ...groupTags,
      ...factsOf(item),
      ...Object.fromEntries(
        custom.filter(
          ([key]) => !key.startsWith(PARAMETER) && !key.startsWith(METRIC),
        ),
      ),
    },
    parameters: Object.fromEntries(
      custom
        .filter(([key]) => key.startsWith(PARAMETER))
        .map(([key, value]) => [key.slice(PARAMETER.length), value]),
    ),
    metrics: Object.fromEntries(
      custom
        .filter(([key]) => key.startsWith(METRIC))
        .map(([key, value]): [string, number] => [
          key.slice(METRIC.length),
          value.trim() === '' ? NaN : Number(value),
        ])
        .filter(([, value]) => Number.isFinite(value)),
    ),
    datasets: [],
    user: userOf(item),
    createdAt: item.CreationTime,
    updatedAt: new Date(changedMs(item)),
  };
}

/** What SageMaker itself says of a version, as tags under its own names. */
function factsOf(item: ModelPackage): Record<string, string> {
  const { MetadataProperties: origin, ModelLifeCycle: stage } = item;
  const [container] = item.InferenceSpecification?.Containers ?? [];
  const facts: Record<string, string | null | undefined> = {
    // The names by which the engine knows where code is from
    'mlflow.source.git.commit': origin?.CommitId,
    'mlflow.source.git.repoURL': origin?.Repository,
    'sagemaker.ProjectId': origin?.ProjectId,
    'sagemaker.ModelPackageDescription': item.ModelPackageDescription,
    'sagemaker.ModelPackageStatus': item.ModelPackageStatus,
    'sagemaker.ModelApprovalStatus': item.ModelApprovalStatus,
    'sagemaker.ModelLifeCycle.Stage': stage?.Stage,
    'sagemaker.ModelLifeCycle.StageStatus': stage?.StageStatus,
    'sagemaker.Domain': item.Domain,
    'sagemaker.Task': item.Task,
    'sagemaker.SourceUri': item.SourceUri,
    'sagemaker.Image': container?.Image,
    'sagemaker.ImageDigest': container?.ImageDigest,
    'sagemaker.ModelDataUrl': container?.ModelDataUrl,
    'sagemaker.Framework': container?.Framework,
    'sagemaker.FrameworkVersion': container?.FrameworkVersion,
  };
  for (const [kind, reports] of REPORTS) {
    const found: Record<string, { S3Uri?: string } | undefined> =
      item.ModelMetrics?.[kind] ?? {};
    for (const report of reports) {
      facts[`sagemaker.ModelMetrics.${kind}.${report}`] = found[report]?.S3Uri;
    }
  }
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, string] =>
      Boolean(entry[1]),
    ),
  );
}

/** Whoever registered the version: the name in Studio, who was behind a role, or the role. */
function userOf({ CreatedBy: by }: ModelPackage): string | undefined {
  return (
    by?.UserProfileName ||
    by?.IamIdentity?.SourceIdentity ||
    by?.IamIdentity?.Arn ||
    undefined
  );
}
