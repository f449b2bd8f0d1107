import { VersionRegistration } from '@slipway/backstage-plugin-model-delivery-common';
import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { REGISTRY_ACTOR } from '../people/Directory';

/** Tag with the digest of a version's artifact. */
export const ARTIFACT_DIGEST_TAG = 'slipway.artifact.digest';
/** Tag with the commit that a version was trained from; MLflow writes it. */
export const COMMIT_TAG = 'mlflow.source.git.commit';
/** Tag with the repository of that commit; MLflow writes it. */
export const REPOSITORY_TAG = 'mlflow.source.git.repoURL';

/**
 * How long a pipeline has time to register a version that it put into the registry, before it is registered from there:
 * the pipeline knows more of it.
 */
export const ADOPTION_GRACE_MINUTES = 5;

const VERSION_NAME = /^[A-Za-z0-9]+(?:[-_.+][A-Za-z0-9]+)*$/;
const MAX_PARAMETERS = 500;
const MAX_PARAMETER_LENGTH = 6_000;

/**
 * When the version is to be registered here unless a pipeline has; undefined when its tags do not say enough: the digest
 * of its artifact and the commit; or when not all of it could be read.
 */
export function adoptAfter(version: RegistryVersion): Date | undefined {
  return toRegistration(version)
    ? new Date(version.createdAt.getTime() + ADOPTION_GRACE_MINUTES * 60_000)
    : undefined;
}

/** The tags that a version lacks to be registered from its registry, or that say what they cannot. */
export function missingTags(tags: Record<string, string>): string[] {
  return [
    ...(/^sha256:[0-9a-f]{64}$/.test(tags[ARTIFACT_DIGEST_TAG] ?? '')
      ? []
      : [ARTIFACT_DIGEST_TAG]),
    ...(/^[0-9a-f]{7,64}$/.test(tags[COMMIT_TAG] ?? '') ? [] : [COMMIT_TAG]),
  ];
}

/** The registration that a registry's version amounts to, or undefined when its tags do not say enough. */
export function toRegistration(
  version: Omit<RegistryVersion, 'createdAt' | 'updatedAt'> & {
    createdAt: Date | string;
  },
): VersionRegistration | undefined {
  const artifact = version.tags[ARTIFACT_DIGEST_TAG];
  const commit = version.tags[COMMIT_TAG];
  const repository = version.tags[REPOSITORY_TAG];
  if (
    missingTags(version.tags).length > 0 ||
    // Its parameters are not all known: it would be another version once they are
    version.loggedModel?.state === 'failed' ||
    !VERSION_NAME.test(version.version) ||
    version.version.length > 63 ||
    version.uri.length > 1_000
  ) {
    return undefined;
  }
  return {
    version: version.version,
    createdAt: new Date(version.createdAt).toISOString(),
    registryUri: version.uri,
    parts: {
      code: { commit, ...(repository && { repository }) },
      data: version.datasets.slice(0, 100).map(each => ({
        name: each.name.slice(0, 255),
        version: each.digest.slice(0, 255),
        digest: each.digest.slice(0, 255),
      })),
      artifact: { digest: artifact, uri: version.uri },
      configuration: [],
      parameters: Object.fromEntries(
        Object.entries(version.parameters)
          .slice(0, MAX_PARAMETERS)
          .map(([name, value]) => [name, value.slice(0, MAX_PARAMETER_LENGTH)]),
      ),
      trainedBy: version.user?.slice(0, 255) || REGISTRY_ACTOR,
    },
  };
}
