import {
  Promotion,
  PromotionEvent,
  PromotionSummary,
  Tier,
} from '@slipway/backstage-plugin-model-delivery-common';
import { toBundleRef } from '../bundles/toBundle';
import { toBreakGlass } from '../breakGlass/toBreakGlass';
import { statementOf, StepFacts } from './statement';
import { nextState } from './transitions';
import { PromotionRecord } from './types';

/** The short form of a promotion; pure. */
export function toPromotionSummary(
  record: PromotionRecord,
  now: Date,
  step?: StepFacts,
): PromotionSummary {
  return {
    id: String(record.id),
    model: record.modelRef,
    modelTitle: record.modelTitle,
    risk: record.risk,
    version: record.version,
    environment: record.environment,
    kind: record.kind,
    state: record.state,
    revision: record.revision,
    statement: statementOf(record, now, step),
    requestedBy: record.requestedBy,
    requestedAt: record.requestedAt.toISOString(),
    stateSince: record.stateSince.toISOString(),
    share: shareOf(record),
    expiresAt: expiryOf(record)?.toISOString() ?? null,
    slotsFilled: record.slotsFilled,
    slotsTotal: record.slots.reduce((sum, slot) => sum + slot.minimum, 0),
    ...(record.bundle && { bundle: toBundleRef(record.bundle) }),
    ...(record.breakGlass && {
      breakGlass: toBreakGlass(record.breakGlass, now),
    }),
  };
}

/** Of what was rolled back 0 if it had traffic, and null if it served nobody. */
function shareOf(record: PromotionRecord): number | null {
  if (isMoving(record)) {
    return record.share ?? 0;
  }
  return record.state === 'rolled-back' ? record.share : null;
}

/** Whether a promotion is one whose traffic moves, or stands between two versions. */
export function isMoving(record: PromotionRecord): boolean {
  return (
    ['rolling-out', 'paused', 'rolling-back'].includes(record.state) ||
    (record.state === 'errored' && record.rolloutStartedAt !== null)
  );
}

function expiryOf(record: PromotionRecord): Date | null {
  return ['awaiting-approval', 'scheduled'].includes(record.state)
    ? record.expiresAt
    : null;
}

/** What the API adds about who looks, and what other capabilities know. */
export interface PromotionExtras {
  tier: Tier;
  policyName: string;
  /** What is in force for the model now, where that is another one. */
  newerPolicy?: { name: string; digest: string };
  approval: Promotion['approval'];
  rollout: Promotion['rollout'];
  step: StepFacts | undefined;
  /** What the caller may let happen, to all that go together. */
  events: PromotionEvent[];
  /** Present for a member of a bundle. */
  together?: Promotion['together'];
  mayRollBack: boolean;
  /** Present for emergencies. */
  review?: Promotion['review'];
}

const PERSON_EVENTS: readonly PromotionEvent[] = [
  'pause',
  'resume',
  'skip',
  'abort',
  'cancel',
  'retry',
  're-evaluate',
];

/** What a person may let happen now, permission aside. */
export function allowedEvents(record: PromotionRecord): PromotionEvent[] {
  return PERSON_EVENTS.filter(
    event =>
      nextState(record, event) !== undefined &&
      !(
        record.kind === 'rollback' && ['re-evaluate', 'pause'].includes(event)
      ) &&
      // The engine looks once more before the first traffic
      !(event === 're-evaluate' && record.state === 'rolling-out') &&
      // Those that go together wait for one another at each step
      !(event === 'skip' && record.bundle),
  );
}

/** The whole of a promotion as one caller sees it; pure. */
export function toPromotion(
  record: PromotionRecord,
  now: Date,
  extras: PromotionExtras,
): Promotion {
  return {
    ...toPromotionSummary(record, now, extras.step),
    versionDigest: record.versionDigest,
    tier: extras.tier,
    reason: record.reason,
    note: record.note,
    firstDeployment: record.firstDeployment,
    from:
      record.fromVersion && record.fromVersionDigest
        ? { version: record.fromVersion, digest: record.fromVersionDigest }
        : null,
    changeKinds: record.changeKinds,
    policy: { name: extras.policyName, digest: record.policyDigest },
    ...(extras.newerPolicy && { newerPolicy: extras.newerPolicy }),
    gateCounts: record.gateCounts,
    approval: extras.approval,
    rollout: extras.rollout,
    history: record.history,
    error: record.errorMessage
      ? {
          message: record.errorMessage,
          attempts: record.attempts,
          retryAt:
            record.state === 'errored' && !record.isGivenUp
              ? record.dueAt?.toISOString() ?? null
              : null,
        }
      : null,
    ...(extras.together && { together: extras.together }),
    allowedEvents: extras.events,
    mayRollBack: extras.mayRollBack,
    ...(extras.review && { review: extras.review }),
  };
}
