import {
  ApprovalSlot,
  ApprovalSubject,
  PromotionEvent,
  PromotionState,
} from '@slipway/backstage-plugin-model-delivery-common';
import { approvalSubject } from '../approvals/subject';
import { digestOf } from '../policies/digest';
import { isTrafficTouched, nextState } from '../promotions/transitions';
import { PromotionRecord } from '../promotions/types';
import { byModel } from './bundleDigest';

/** States of members from what keeps the whole back most to what does least. */
const LEAST_FAR_FIRST: readonly PromotionState[] = [
  'errored',
  'rolling-back',
  'paused',
  'rejected',
  'expired',
  'rolled-back',
  'cancelled',
  'blocked',
  'requested',
  'evaluating',
  'awaiting-approval',
  'scheduled',
  'rolling-out',
  'succeeded',
];

/** Where promotions that go together are: where the one is that is least far. Pure. */
export function stateTogether(
  together: Pick<PromotionRecord, 'state'>[],
): PromotionState {
  return LEAST_FAR_FIRST.find(state =>
    together.some(each => each.state === state),
  )!;
}

/** Whether nothing but approvals keeps promotions that go together: all passed their gates, and one asks at least. Pure. */
export function isAskedTogether(
  together: Pick<PromotionRecord, 'state'>[],
): boolean {
  return stateTogether(together) === 'awaiting-approval';
}

/**
 * The slots of promotions that go together: each role that any of them asks for, with the largest minimum and a compulsory
 * reason if one of them says so. Pure.
 */
export function slotsTogether(
  together: Pick<PromotionRecord, 'slots'>[],
): ApprovalSlot[] {
  const merged = new Map<string, ApprovalSlot>();
  for (const slot of together.flatMap(each => each.slots)) {
    const known = merged.get(slot.role);
    merged.set(slot.role, {
      ...(known ?? slot),
      minimum: Math.max(known?.minimum ?? 0, slot.minimum),
      reasonRequired: (known?.reasonRequired ?? false) || slot.reasonRequired,
    });
  }
  return [...merged.values()];
}

/**
 * What one decision on promotions that go together binds to: the bundle, the environment and every member's own subject.
 * Null until each of them has one. Pure.
 */
export function subjectTogether(
  record: PromotionRecord,
  together: PromotionRecord[],
): ApprovalSubject | null {
  const { evidenceDigest, bundle } = record;
  if (!evidenceDigest || together.some(each => !each.subjectDigest)) {
    return null;
  }
  const own = approvalSubject({
    versionDigest: record.versionDigest,
    environment: record.environment,
    policyDigest: record.policyDigest,
    evidenceDigest,
    rolloutPlan: record.plan,
  });
  if (!bundle) {
    return own;
  }
  const covered = {
    digest: bundle.digest,
    members: [...together].sort(byModel).map(each => ({
      model: each.modelRef,
      subjectDigest: each.subjectDigest!,
    })),
  };
  return {
    ...own,
    digest: digestOf({ bundle: covered, environment: record.environment }),
    bundle: covered,
  };
}

/** What a person may let happen to promotions that go together, permission aside. Pure. */
export function eventsTogether(
  together: PromotionRecord[],
  eventsOf: (record: PromotionRecord) => PromotionEvent[],
): PromotionEvent[] {
  const possible = together.map(eventsOf);
  const isTouched = together.some(isTrafficTouched);
  const all = [...new Set(possible.flat())];
  return all.filter(event => {
    switch (event) {
      case 'cancel':
        return !isTouched && possible.every(each => each.includes('cancel'));
      case 'abort':
        return together.length === 1 || together.some(isStarted);
      default:
        return true;
    }
  });
}

/** What an event that is meant for promotions that go together is for one of them; undefined when it is nothing. Pure. */
export function eventFor(
  record: PromotionRecord,
  event: PromotionEvent,
): PromotionEvent | undefined {
  if (nextState(record, event)) {
    return event;
  }
  // What had not begun to move has nothing to put back
  return event === 'abort' && nextState(record, 'cancel')
    ? 'cancel'
    : undefined;
}

function isStarted(record: PromotionRecord): boolean {
  return record.rolloutStartedAt !== null;
}
