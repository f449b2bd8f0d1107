import { Transaction } from '../database/UnitOfWork';
import { PromotionRecord } from '../promotions/types';
import { BreakGlassRecord } from './types';
import { bypassedText } from './words';

type Emergency = PromotionRecord & { breakGlass: BreakGlassRecord };

const linkOf = (record: PromotionRecord) =>
  `/model-delivery/promotions/${record.id}`;
const nameOf = (record: PromotionRecord) =>
  `${record.version} of ${record.modelTitle}`;
const minuteOf = (instant: Date) =>
  `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Whether a promotion is an emergency. */
export function isEmergency(record: PromotionRecord): record is Emergency {
  return record.breakGlass !== null;
}

/** Tells the owner, those who have to review it and the requester at once that somebody broke the glass. */
export function notifyBroken(tx: Transaction, record: PromotionRecord): void {
  if (isEmergency(record)) {
    const { reason, bypassed, reviewRole, reviewBy } = record.breakGlass;
    tell(tx, record, {
      title: `Emergency: ${nameOf(record)} goes to ${
        record.environment
      } by break-glass`,
      description: `${
        record.requestedBy
      } broke the glass: ${reason}. It goes past ${bypassedText(bypassed)}. ${
        reviewRole.title
      } has to review it by ${minuteOf(reviewBy)}.`,
      severity: 'critical',
      scope: 'break-glass',
    });
  }
}

/** Tells them again, once, that the review is overdue. */
export function notifyOverdue(tx: Transaction, record: PromotionRecord): void {
  if (isEmergency(record)) {
    const { reason, reviewRole, reviewBy } = record.breakGlass;
    tell(tx, record, {
      title: `Overdue: the review of the emergency promotion of ${nameOf(
        record,
      )}`,
      description: `${reviewRole.title} had to review it by ${minuteOf(
        reviewBy,
      )}. ${record.requestedBy} broke the glass: ${reason}.`,
      severity: 'critical',
      scope: 'review-overdue',
    });
  }
}

/** Tells them what the review came to. */
export function notifyReviewed(
  tx: Transaction,
  record: PromotionRecord,
  review: { outcome: string; reviewedBy: string; reason: string },
): void {
  if (isEmergency(record)) {
    tell(tx, record, {
      title: `The emergency promotion of ${nameOf(record)} was ${
        review.outcome
      }`,
      description: `${review.reviewedBy}: ${review.reason}`,
      severity: review.outcome === 'justified' ? 'normal' : 'high',
      scope: 'reviewed',
    });
  }
}

/** Tells whoever had asked for the same that an emergency took its place. */
export function notifyReplaced(
  tx: Transaction,
  replaced: PromotionRecord,
  emergency: PromotionRecord,
): void {
  if (replaced.requestedBy.startsWith('user:')) {
    tx.publish({
      topic: 'notification',
      payload: {
        recipients: [replaced.requestedBy],
        title: `Your promotion of ${nameOf(replaced)} to ${
          replaced.environment
        } was cancelled`,
        description: `${emergency.requestedBy} put it there as an emergency, by promotion ${emergency.id}.`,
        link: linkOf(emergency),
        severity: 'high',
        scope: `promotion:${replaced.id}:outcome`,
      },
    });
  }
}

function tell(
  tx: Transaction,
  record: Emergency,
  said: {
    title: string;
    description: string;
    severity: 'critical' | 'high' | 'normal';
    scope: string;
  },
): void {
  const { scope, ...content } = said;
  tx.publish({
    topic: 'notification',
    payload: {
      recipients: [
        ...new Set([
          record.owner,
          record.breakGlass.reviewRole.group,
          record.requestedBy,
        ]),
      ],
      ...content,
      link: linkOf(record),
      scope: `promotion:${record.id}:${scope}`,
    },
  });
}
