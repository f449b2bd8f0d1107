import type { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';

/** A version in the comparison: of the page's own model, or of another one. */
export interface ComparedVersion {
  /** As the address says it: the version's name, or `model:NAMESPACE/NAME@VERSION` for another model's. */
  key: string;
  namespace: string;
  name: string;
  version: string;
  /** What it is called in the comparison. */
  label: string;
  /** Entity ref of the model. */
  model: string;
}

// Neither is in the name of a version
const OTHER = /^model:([^/@]+)\/([^/@]+)@(.+)$/;

/** Reads one of the versions that the address names. */
export function comparedVersion(
  key: string,
  own: { namespace: string; name: string },
): ComparedVersion {
  const [, namespace = own.namespace, name = own.name, version = key] =
    OTHER.exec(key) ?? [];
  const isOwn = namespace === own.namespace && name === own.name;
  return {
    key,
    namespace,
    name,
    version,
    label: isOwn ? version : `${name} ${version}`,
    model: `model:${namespace}/${name}`,
  };
}

/** The version by which a model is compared: the one in production, or else the latest; null before the first. */
export function versionToCompare(
  model: Pick<ModelSummary, 'production' | 'latestVersion'>,
): string | null {
  return model.production?.version ?? model.latestVersion;
}

/** The version of another model as the address says it. */
export function keyOfOther(modelRef: string, version: string): string {
  return `${modelRef}@${version}`;
}
