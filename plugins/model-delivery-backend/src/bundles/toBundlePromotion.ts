import { BundlePromotion } from '@slipway/backstage-plugin-model-delivery-common';
import { statementOf } from '../promotions/statement';
import { isMoving } from '../promotions/toPromotion';
import { PromotionRecord } from '../promotions/types';
import { listing } from '../words';
import { stateTogether } from './together';
import { BundlePromotionRecord, BundleRecord } from './types';

/** A promotion of a bundle as the API shows it; pure. */
export function toBundlePromotion(options: {
  record: BundlePromotionRecord;
  bundle: BundleRecord;
  /** Promotions of those that move. */
  members: PromotionRecord[];
  now: Date;
  mayRollBack: boolean;
}): BundlePromotion {
  const { record, bundle, members, now } = options;
  const state = stateTogether(members);
  return {
    id: String(record.id),
    bundle: {
      id: String(bundle.id),
      name: bundle.name,
      digest: bundle.digest,
    },
    environment: record.environment,
    kind: record.kind,
    state,
    statement: statementTogether(record, members, now),
    requestedBy: record.requestedBy,
    requestedAt: record.requestedAt.toISOString(),
    note: record.note,
    members: bundle.members.map(member => {
      const promotion = members.find(each => each.modelRef === member.modelRef);
      return {
        model: member.modelRef,
        modelTitle: member.modelTitle,
        version: promotion?.version ?? member.version,
        digest: promotion?.versionDigest ?? member.versionDigest,
        from: promotion ? promotion.fromVersion : member.version,
        promotion: promotion
          ? {
              id: String(promotion.id),
              state: promotion.state,
              statement: statementOf(promotion, now),
              share: isMoving(promotion) ? promotion.share ?? 0 : null,
            }
          : null,
      };
    }),
    mayRollBack: options.mayRollBack,
  };
}

const SETTLED: Partial<Record<PromotionRecord['state'], string>> = {
  succeeded: 'All members took over all traffic',
  'rolled-back': 'All members were rolled back',
  rejected: 'Rejected: none of its members goes there',
  expired: 'Expired: nobody completed the approval in time',
  cancelled: 'Cancelled before any member took traffic',
};

/** What is true of a bundle's promotion now: of all members, or of those that keep the others waiting. Pure. */
function statementTogether(
  record: BundlePromotionRecord,
  members: PromotionRecord[],
  now: Date,
): string {
  const state = stateTogether(members);
  const settled = SETTLED[state];
  if (settled) {
    return record.kind === 'rollback' && state === 'succeeded'
      ? 'What served before the bundle serves again'
      : settled;
  }
  const behind = members.filter(each => each.state === state);
  return behind.length === members.length && state === 'rolling-out'
    ? `Rolling out: ${listing(
        members.map(each => `${each.modelTitle} ${each.share ?? 0} %`),
      )}`
    : `${behind[0].modelTitle}: ${statementOf(behind[0], now)}`;
}
