import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

const VERSIONS = {
  '1.5': Spec.Version.v1dot5,
  '1.6': Spec.Version.v1dot6,
  '1.7': Spec.Version.v1dot7,
} as const;

/** The versions of CycloneDX that have model cards and can be read. */
const READABLE_VERSIONS = Object.keys(VERSIONS);

/** Kept, since compiling a schema takes a fifth of a second. */
const validators = new Map<string, Validation.JsonStrictValidator>();

/**
 * What is wrong with a CycloneDX document by the strict schema of its version; undefined when nothing is.
 *
 * @public
 */
export async function findBomFault(
  text: string,
  version: string,
): Promise<string | undefined> {
  const known = Object.entries(VERSIONS).find(([name]) => name === version);
  if (!known) {
    return `specVersion is '${version}'; it would be one of ${READABLE_VERSIONS.join(
      ', ',
    )}`;
  }
  const validator =
    validators.get(version) ?? new Validation.JsonStrictValidator(known[1]);
  validators.set(version, validator);
  const faults: unknown = await validator.validate(text);
  if (!faults) {
    return undefined;
  }
  const list = Array.isArray(faults) ? faults : [faults];
  return list
    .slice(0, 5)
    .map(
      (each: { instancePath?: string; message?: string }) =>
        `${each.instancePath || '/'} ${each.message ?? 'is not valid'}`,
    )
    .join('; ');
}
