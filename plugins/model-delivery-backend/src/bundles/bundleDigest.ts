import { digestOf } from '../policies/digest';

/**
 * The digest of a bundle: the SHA-256 of the RFC 8785 form of `{members: [{model, versionDigest}, …]}`, the members
 * ordered by the entity ref of their model in code units. The same members give the same digest. Pure.
 */
export function bundleDigest(
  members: { modelRef: string; versionDigest: string }[],
): string {
  return digestOf({
    members: [...members].sort(byModel).map(each => ({
      model: each.modelRef,
      versionDigest: each.versionDigest,
    })),
  });
}

/** The one order in which members are looked at and locked, so that no two bundles wait for each other. */
export function byModel(
  a: { modelRef: string },
  b: { modelRef: string },
): number {
  if (a.modelRef === b.modelRef) {
    return 0;
  }
  return a.modelRef < b.modelRef ? -1 : 1;
}
