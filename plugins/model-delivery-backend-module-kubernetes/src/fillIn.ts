import { parseEntityRef } from '@backstage/catalog-model';
import { DeployableVersion } from '@slipway/backstage-plugin-model-delivery-node';

/** What may stand in an address or an image's tag without meaning anything there. */
const HARMLESS = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** Where KServe's storage initializer loads from; see its `storageUri`. */
const STORAGE = /^(s3|gs|https?|pvc|hdfs|webhdfs|hf|oci|abfss?):\/\/[^\s]+$/;

/** A text that cannot be made of what is known of a version; the message says why. */
export class FillInError extends Error {
  readonly name = 'FillInError';
}

/**
 * Puts what is known of a version into a text such as `s3://models/{model}/{version}`.
 * @throws FillInError when something is not known, or would change the meaning of the text.
 */
export function fillIn(
  text: string,
  model: string,
  version: DeployableVersion,
): string {
  return text.replace(/\{([A-Za-z0-9_./-]+)\}/g, (_, name: string) => {
    if (name === 'artifactUri' && version.artifactUri) {
      return version.artifactUri;
    }
    const known: Record<string, string | undefined> = {
      model: parseEntityRef(model).name,
      version: version.version,
      digest: version.digest.replace(/^sha256:/, ''),
    };
    const value = partOf(version, name) ?? known[name];
    if (value === undefined) {
      throw new FillInError(
        `The version ${version.version} has no ${name}, which the configuration asks for`,
      );
    }
    if (!HARMLESS.test(value) || value.includes('..')) {
      throw new FillInError(
        `The ${name} of the version ${version.version} cannot stand in an address: letters, digits, '.', '_' and '-' are taken`,
      );
    }
    return value;
  });
}

/** A parameter or a part of the configuration, by what its placeholder is called. */
function partOf(version: DeployableVersion, name: string): string | undefined {
  const [, list, key] = /^(parameters|configuration)\.(.+)$/.exec(name) ?? [];
  return list === 'configuration'
    ? version.configuration
        ?.find(part => part.name === key)
        ?.digest.replace(/^sha256:/, '')
    : version.parameters[key];
}

/**
 * Where the artifact of a version is loaded from.
 * @throws FillInError when it is nowhere that KServe loads from.
 */
export function storageUriOf(
  template: string | undefined,
  model: string,
  version: DeployableVersion,
): string {
  const uri = template
    ? fillIn(template, model, version)
    : version.artifactUri ?? '';
  if (!STORAGE.test(uri)) {
    throw new FillInError(
      `The artifact of the version ${version.version} is not where it can be loaded from; set storageUri of the target, such as s3://models/{model}/{version}`,
    );
  }
  return uri;
}
