import type {
  Promotion,
  PromotionState,
} from '@slipway/backstage-plugin-model-delivery-common';

/** One station on the way of a promotion. */
export interface RailStation {
  state: PromotionState;
  position: 'done' | 'current' | 'ahead';
  /** When it was entered last; absent for what lies ahead. */
  at?: string;
  /** How long it stayed there, in seconds; absent for the current one and what lies ahead. */
  seconds?: number;
}

const WAY: PromotionState[] = [
  'requested',
  'evaluating',
  'awaiting-approval',
  'scheduled',
  'rolling-out',
  'succeeded',
];

const TERMINAL: PromotionState[] = [
  'rejected',
  'expired',
  'rolled-back',
  'succeeded',
  'cancelled',
];

/** Whether nothing comes after this state any more. */
export function isTerminal(state: PromotionState): boolean {
  return TERMINAL.includes(state);
}

/**
 * The stations of a promotion: those it passed, the one it is at, and those ahead if nothing gets in the way.
 *
 * A promotion may come back to a state (blocked and evaluated again, paused and resumed); the rail then tells the last
 * pass only, the timeline tells all of them.
 */
export function railOf(
  promotion: Pick<
    Promotion,
    'history' | 'state' | 'slotsTotal' | 'kind' | 'stateSince'
  >,
): RailStation[] {
  const passed: { state: PromotionState; at: string }[] = [];
  for (const entry of promotion.history) {
    const before = passed.findIndex(one => one.state === entry.state);
    if (before >= 0) {
      passed.length = before;
    }
    passed.push(entry);
  }
  if (passed[passed.length - 1]?.state !== promotion.state) {
    passed.push({ state: promotion.state, at: promotion.stateSince });
  }
  const stations = passed.map((entry, index): RailStation => {
    const next = passed[index + 1];
    return next
      ? {
          ...entry,
          position: 'done',
          seconds: (Date.parse(next.at) - Date.parse(entry.at)) / 1000,
        }
      : {
          ...entry,
          position: isTerminal(entry.state) ? 'done' : 'current',
        };
  });
  return [...stations, ...aheadOf(promotion, passed)];
}

function aheadOf(
  promotion: Pick<Promotion, 'state' | 'slotsTotal' | 'kind'>,
  passed: { state: PromotionState }[],
): RailStation[] {
  if (isTerminal(promotion.state)) {
    return [];
  }
  if (promotion.state === 'rolling-back') {
    return [{ state: 'rolled-back', position: 'ahead' }];
  }
  const furthest = Math.max(...passed.map(one => WAY.indexOf(one.state)));
  return WAY.slice(furthest + 1)
    .filter(state => state !== 'awaiting-approval' || promotion.slotsTotal > 0)
    .map(state => ({ state, position: 'ahead' }));
}
