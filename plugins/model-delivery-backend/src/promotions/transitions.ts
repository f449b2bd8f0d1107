import type { PromotionState } from '@slipway/backstage-plugin-model-delivery-common';
import type { PromotionRecord, RolloutOperation } from './types';

/** Everything that can happen to a promotion, and what it means. */
export const EVENT_MEANINGS = {
  evaluate: 'the gates begin to be judged',
  're-evaluate':
    'new evidence, another policy or a person sends it back to its gates',
  block: 'a gate or an obstacle keeps it out',
  ask: 'the gates let it through, and approvals are asked for',
  clear: 'nothing more is asked for: no approval is needed, or all are given',
  reject: 'somebody who was asked said no',
  expire: 'the time to approve and start it ran out',
  start:
    'soak, freeze windows and the lock of the environment let it go, and the rollout begins',
  pause: 'an analysis was inconclusive, or a person paused it',
  resume: 'a person lets the present step be judged anew',
  skip: 'a person in a role that the policy names leaves the rest of a step out, which is not a pass',
  abort:
    'a step failed, be it while it was paused, in technical trouble or waited for others, or could not be watched any more; or a person or a rollback stops it. Traffic goes back',
  restore: 'the version before has all traffic again',
  complete: 'the last step passed',
  fail: 'technical trouble, which says nothing about the version',
  retry: 'tried again after technical trouble',
  cancel:
    'before traffic is touched a person takes it back, or a rollback or an emergency goes first',
} as const;

/** One thing that can happen to a promotion. */
export type LifecycleEvent = keyof typeof EVENT_MEANINGS;

/** Everything that can happen to a promotion. */
export const PROMOTION_EVENTS = Object.keys(EVENT_MEANINGS) as LifecycleEvent[];

/** The state that trouble interrupted, which is written beside `errored`. */
export const INTERRUPTED = Symbol('the interrupted state');

/**
 * Where an event leads, and when only: before or after traffic was touched, or while a step that is not the last is watched.
 */
export interface Transition {
  to: PromotionState | typeof INTERRUPTED;
  only?: 'before-traffic' | 'after-traffic' | 'within-steps';
}

/**
 * The lifecycle of a promotion: state × event → state. What is not in the table cannot happen.
 *
 * Once traffic has been touched a promotion is not cancelled but aborted, which puts the traffic back first.
 * `docs/promotion-lifecycle.md` is drawn from this table by `yarn lifecycle`.
 */
export const TRANSITIONS: Readonly<
  Record<PromotionState, Partial<Record<LifecycleEvent, Transition>>>
> = {
  requested: {
    evaluate: { to: 'evaluating' },
    're-evaluate': { to: 'evaluating' },
    fail: { to: 'errored' },
    cancel: { to: 'cancelled' },
  },
  evaluating: {
    're-evaluate': { to: 'evaluating' },
    block: { to: 'blocked' },
    ask: { to: 'awaiting-approval' },
    clear: { to: 'scheduled' },
    fail: { to: 'errored' },
    cancel: { to: 'cancelled' },
  },
  blocked: {
    're-evaluate': { to: 'evaluating' },
    cancel: { to: 'cancelled' },
  },
  'awaiting-approval': {
    're-evaluate': { to: 'evaluating' },
    clear: { to: 'scheduled' },
    reject: { to: 'rejected' },
    expire: { to: 'expired' },
    cancel: { to: 'cancelled' },
  },
  scheduled: {
    're-evaluate': { to: 'evaluating' },
    start: { to: 'rolling-out' },
    expire: { to: 'expired' },
    fail: { to: 'errored' },
    cancel: { to: 'cancelled' },
  },
  'rolling-out': {
    're-evaluate': { to: 'evaluating', only: 'before-traffic' },
    pause: { to: 'paused' },
    skip: { to: 'rolling-out', only: 'within-steps' },
    abort: { to: 'rolling-back' },
    complete: { to: 'succeeded' },
    fail: { to: 'errored' },
    cancel: { to: 'cancelled', only: 'before-traffic' },
  },
  paused: {
    resume: { to: 'rolling-out' },
    abort: { to: 'rolling-back' },
    cancel: { to: 'cancelled', only: 'before-traffic' },
  },
  'rolling-back': {
    restore: { to: 'rolled-back' },
    fail: { to: 'errored' },
  },
  errored: {
    retry: { to: INTERRUPTED },
    abort: { to: 'rolling-back', only: 'after-traffic' },
    cancel: { to: 'cancelled', only: 'before-traffic' },
  },
  succeeded: {},
  rejected: {},
  expired: {},
  cancelled: {},
  'rolled-back': {},
};

/** What is done while the version before still answers everything. */
const BEFORE_TRAFFIC: readonly RolloutOperation[] = [
  'prepare-control',
  'prepare',
  'mirror',
  'compare',
  'unmirror',
  'check',
  'prepared',
];

/** Whether traffic may have been touched: also when the call that does it is only about to be made. */
export function isTrafficTouched(
  record: Pick<PromotionRecord, 'operation' | 'rolloutStartedAt'>,
): boolean {
  return (
    record.rolloutStartedAt !== null &&
    record.operation !== null &&
    !BEFORE_TRAFFIC.includes(record.operation)
  );
}

/** Whether a step is watched that another one follows. The last is always judged: what it passed, all traffic relies on. */
function isWithinSteps(
  record: Pick<PromotionRecord, 'operation' | 'stepIndex' | 'plan'>,
): boolean {
  return (
    record.operation === 'observe' &&
    (record.stepIndex ?? 0) < record.plan.steps.length - 1
  );
}

/** The state that an event leads to; undefined when it cannot happen now. */
export function nextState(
  record: Pick<
    PromotionRecord,
    | 'state'
    | 'resumeState'
    | 'operation'
    | 'rolloutStartedAt'
    | 'stepIndex'
    | 'plan'
  >,
  event: LifecycleEvent,
): PromotionState | undefined {
  const transition = TRANSITIONS[record.state][event];
  if (!transition) {
    return undefined;
  }
  const touched = isTrafficTouched(record);
  if (
    (transition.only === 'before-traffic' && touched) ||
    (transition.only === 'after-traffic' && !touched) ||
    (transition.only === 'within-steps' && !isWithinSteps(record))
  ) {
    return undefined;
  }
  return transition.to === INTERRUPTED
    ? record.resumeState ?? undefined
    : transition.to;
}
