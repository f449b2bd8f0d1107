import {
  Deployment,
  DeploymentRevocation,
} from '@slipway/backstage-plugin-model-delivery-common';
import { toBundleRef } from '../bundles/toBundle';
import { DeploymentFact } from './types';

/** A deployment as the API shows it; pure. */
export function toDeployment(
  record: DeploymentFact,
  revoked?: DeploymentRevocation[],
): Deployment {
  return {
    id: record.id,
    model: record.modelRef,
    version: record.version,
    digest: record.versionDigest,
    environment: record.environment,
    tier: record.environmentTier,
    origin: record.origin,
    kind: record.kind,
    share: record.share,
    startedAt: record.startedAt.toISOString(),
    fullTrafficAt: record.fullTrafficAt?.toISOString() ?? null,
    endedAt: record.endedAt?.toISOString() ?? null,
    outcome: record.outcome,
    promotionId:
      record.promotionId === null ? null : String(record.promotionId),
    ...(record.bundle && { bundle: toBundleRef(record.bundle) }),
    requestedBy: record.requestedBy,
    approvedBy: record.approvedBy,
    ...(record.standIns.length > 0 && { standIns: record.standIns }),
    reason: record.reason,
    ...(record.evidencePromotionId !== null && {
      evidencePromotionId: String(record.evidencePromotionId),
    }),
    ...(record.rolledBack && { rolledBack: record.rolledBack }),
    ...(revoked && { revoked }),
  };
}
