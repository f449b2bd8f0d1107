import {
  PromotionState,
  RolloutPlan,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  LifecycleEvent,
  nextState,
  PROMOTION_EVENTS,
  TRANSITIONS,
} from './transitions';
import { PromotionRecord, TERMINAL_STATES } from './types';

const STATES = Object.keys(TRANSITIONS) as PromotionState[];
const begun = new Date('2026-11-21T09:00:00Z');

/** Every move that is possible before traffic is touched; all others are not. */
const BEFORE: Record<
  PromotionState,
  Partial<Record<LifecycleEvent, PromotionState>>
> = {
  requested: {
    evaluate: 'evaluating',
    're-evaluate': 'evaluating',
    fail: 'errored',
    cancel: 'cancelled',
  },
  evaluating: {
    're-evaluate': 'evaluating',
    block: 'blocked',
    ask: 'awaiting-approval',
    clear: 'scheduled',
    fail: 'errored',
    cancel: 'cancelled',
  },
  blocked: { 're-evaluate': 'evaluating', cancel: 'cancelled' },
  'awaiting-approval': {
    're-evaluate': 'evaluating',
    clear: 'scheduled',
    reject: 'rejected',
    expire: 'expired',
    cancel: 'cancelled',
  },
  scheduled: {
    're-evaluate': 'evaluating',
    start: 'rolling-out',
    expire: 'expired',
    fail: 'errored',
    cancel: 'cancelled',
  },
  'rolling-out': {
    're-evaluate': 'evaluating',
    pause: 'paused',
    abort: 'rolling-back',
    complete: 'succeeded',
    fail: 'errored',
    cancel: 'cancelled',
  },
  paused: { resume: 'rolling-out', abort: 'rolling-back', cancel: 'cancelled' },
  'rolling-back': { restore: 'rolled-back', fail: 'errored' },
  errored: { retry: 'scheduled', cancel: 'cancelled' },
  succeeded: {},
  rejected: {},
  expired: {},
  cancelled: {},
  'rolled-back': {},
};

const step = (share: number) => ({
  share,
  windowSeconds: 600,
  minimumSamples: 100,
});
const CANARY: RolloutPlan = {
  strategy: 'canary',
  steps: [step(5), step(25), step(100)],
  metrics: [],
};

const recordIn = (
  state: PromotionState,
  operation: PromotionRecord['operation'],
) => ({
  state,
  operation,
  resumeState: 'scheduled' as const,
  rolloutStartedAt: begun,
  stepIndex: 0,
  plan: CANARY,
});

const pairs = STATES.flatMap(state =>
  PROMOTION_EVENTS.map(event => [state, event] as const),
);

describe('the lifecycle of a promotion', () => {
  it.each(pairs)('in %s at %s', (state, event) => {
    expect(nextState(recordIn(state, 'prepare'), event)).toBe(
      BEFORE[state][event],
    );
  });

  it('cannot be cancelled but only aborted once traffic was touched', () => {
    for (const operation of ['traffic', 'observe', 'restore'] as const) {
      for (const state of ['rolling-out', 'paused', 'errored'] as const) {
        const record = recordIn(state, operation);
        expect(nextState(record, 'cancel')).toBeUndefined();
        expect(nextState(record, 're-evaluate')).toBeUndefined();
        expect(nextState(record, 'abort')).toBe('rolling-back');
      }
    }
  });

  it('lets a step be skipped only while it is watched, and never the last', () => {
    const watched = recordIn('rolling-out', 'observe');
    expect(nextState(watched, 'skip')).toBe('rolling-out');
    expect(nextState({ ...watched, stepIndex: 1 }, 'skip')).toBe('rolling-out');
    expect(nextState({ ...watched, stepIndex: 2 }, 'skip')).toBeUndefined();
    const blueGreen: RolloutPlan = {
      strategy: 'blue-green',
      steps: [step(100)],
      metrics: [],
    };
    expect(nextState({ ...watched, plan: blueGreen }, 'skip')).toBeUndefined();
    for (const operation of [
      'prepare',
      'mirror',
      'compare',
      'check',
      'traffic',
      'passed',
    ] as const) {
      expect(
        nextState(recordIn('rolling-out', operation), 'skip'),
      ).toBeUndefined();
    }
  });

  it('never leaves a state in which it is over', () => {
    for (const state of TERMINAL_STATES) {
      expect(TRANSITIONS[state]).toEqual({});
    }
  });

  it('can end from every state', () => {
    for (const state of STATES) {
      const seen = new Set<PromotionState>([state]);
      for (const each of seen) {
        PROMOTION_EVENTS.forEach(event => {
          const next = nextState(recordIn(each, 'prepare'), event);
          if (next) {
            seen.add(next);
          }
        });
      }
      expect(TERMINAL_STATES.some(each => seen.has(each))).toBe(true);
    }
  });
});
