import type { Version } from '@slipway/backstage-plugin-model-delivery-common';

/** The names of all parameters of the versions, with those in front that tell one version from another. */
export function orderParameters(versions: Version[]): string[] {
  const names = new Set(
    versions.flatMap(({ parts }) => Object.keys(parts.parameters)),
  );
  const valuesOf = (name: string) =>
    new Set(versions.map(({ parts }) => parts.parameters[name])).size;
  const [differing, same] = [true, false].map(differs =>
    [...names].filter(name => valuesOf(name) > 1 === differs),
  );
  return [...differing, ...same];
}
