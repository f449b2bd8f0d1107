/** A version within a bundle. */
export interface BundleMember {
  /** Entity ref. */
  modelRef: string;
  modelTitle: string;
  versionId: string;
  version: string;
  versionDigest: string;
}

/** Versions of several models that go together; immutable. */
export interface BundleRecord {
  id: number;
  name: string;
  digest: string;
  registeredBy: string;
  registeredAt: Date;
  /** By entity ref of their model. */
  members: BundleMember[];
}

/** What each promotion of a bundle's member knows of the whole. */
export interface BundleLink {
  /** Id of the bundle's promotion. */
  id: number;
  bundleId: number;
  name: string;
  digest: string;
  /** Id of the first of its promotions, which acts for all: its place in every queue. */
  leadId: number;
  /** Whether it waits for nothing but locks. */
  isQueued: boolean;
}

/** A request to put all members of a bundle into an environment, or to take them back. */
export interface BundlePromotionRecord {
  id: number;
  bundleId: number;
  environment: string;
  kind: 'promotion' | 'rollback';
  requestedBy: string;
  requestedAt: Date;
  note: string | null;
}
