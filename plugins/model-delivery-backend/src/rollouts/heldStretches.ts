import { PromotionRecord } from '../promotions/types';
import { analysisInterval } from './rolloutContext';

/** How likely a version that is worse by no more than the margin is taken back in a day in which it is held, at most. */
const FALSE_ALARMS_A_DAY = 0.05;
const DAY_MS = 86_400_000;
/** How much longer each stretch is than the one before. */
const GROWTH = 8;

/** From when on a promotion that is held is measured, and at which level it is tested. */
interface HeldStretch {
  from: Date;
  level: number;
}

/**
 * The stretches up to now in which a promotion that is held is looked at: from the last analysis interval, in which what
 * breaks is seen at once, to the last window of its step, in which what is a little worse shows. So hours in which all was
 * well do not hide what is wrong now. The shortest first; none before the first interval is over. Pure.
 *
 * Each stretch is one sequential test, which may be looked at as often as one likes. It begins anew after its own length
 * and is at least that long. The chance of a false alarm is divided among the kinds of stretches, and each kind's among
 * those that begin in a day, so that all of them together have no more of it than one test would.
 * @param since - since when it is held
 */
export function heldStretches(
  { plan, stepIndex }: Pick<PromotionRecord, 'plan' | 'stepIndex'>,
  since: Date,
  now: Date,
): HeldStretch[] {
  const step = plan.steps[stepIndex ?? 0];
  const interval = analysisInterval(step);
  const held = now.getTime() - since.getTime();
  if (held < interval) {
    return [];
  }
  const lengths: number[] = [];
  const longest = Math.max(interval, step.windowSeconds * 1000);
  for (let length = interval; length < longest; length *= GROWTH) {
    lengths.push(length);
  }
  lengths.push(longest);
  const tests =
    lengths.length *
    Math.max(
      1,
      plan.metrics.filter(({ kind }) => kind === 'proportion').length,
    );
  const stretches = new Map<number, number>();
  for (const length of lengths) {
    const begun = Math.max(0, Math.floor(held / length) - 1) * length;
    const chance = (FALSE_ALARMS_A_DAY * length) / DAY_MS / tests;
    // Several begin with the hold: of them the longest, which counts most, comes last
    stretches.set(begun, 1 - Math.min(FALSE_ALARMS_A_DAY, chance));
  }
  return [...stretches]
    .sort(([a], [b]) => b - a)
    .map(([begun, level]) => ({
      from: new Date(since.getTime() + begun),
      level,
    }));
}
