import {
  Bundle,
  BundleRef,
} from '@slipway/backstage-plugin-model-delivery-common';
import { BundleLink, BundleRecord } from './types';

/** A bundle as promotions and deployments refer to it; pure. */
export function toBundleRef(link: BundleLink): BundleRef {
  return {
    id: String(link.bundleId),
    name: link.name,
    promotionId: String(link.id),
  };
}

/** A bundle as the API shows it; pure. */
export function toBundle(record: BundleRecord, servesIn: string[]): Bundle {
  return {
    id: String(record.id),
    name: record.name,
    digest: record.digest,
    members: record.members.map(each => ({
      model: each.modelRef,
      modelTitle: each.modelTitle,
      version: each.version,
      digest: each.versionDigest,
    })),
    registeredBy: record.registeredBy,
    registeredAt: record.registeredAt.toISOString(),
    servesIn,
  };
}
