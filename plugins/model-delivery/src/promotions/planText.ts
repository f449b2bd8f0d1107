import type {
  PromotionEvent,
  RolloutPlan,
} from '@slipway/backstage-plugin-model-delivery-common';

/** A rollout plan in a few words: `Canary 5, 25, 50, 100 %`. */
export function planText(plan: RolloutPlan): string {
  const shares = plan.steps.map(step => step.share).join(', ');
  if (plan.adoptedShare !== undefined) {
    const further = plan.steps.slice(1).map(step => step.share);
    const kept = `Adopt the ${
      Math.round(plan.adoptedShare * 10) / 10
    } % it has`;
    return further.length > 0
      ? `${kept}, then ${further.join(', ')} %`
      : `${kept}, nothing moves`;
  }
  const moved = {
    canary: `Canary ${shares} %`,
    'blue-green': 'Blue-green',
    direct: `Direct${shares ? `, ${shares} %` : ''}`,
  }[plan.strategy];
  return plan.shadow ? `Shadow, then ${moved.toLowerCase()}` : moved;
}

/** What one can do with a promotion, in words. */
export interface EventText {
  label: string;
  /** What it does, shown beside the button and in the confirmation. */
  consequence: string;
  /** Whether one is asked again, with a reason, before it is done. */
  confirm: boolean;
}

/** The words for an event; the consequence depends on what is at stake now. */
export function eventText(
  event: PromotionEvent,
  context: {
    share: number | null;
    version: string;
    from: string | null;
    /** Percent of the step that comes next, if any. */
    next?: number;
  },
): EventText {
  const { share, version, from, next } = context;
  switch (event) {
    case 'pause':
      return {
        label: 'Pause',
        consequence: `Holds the traffic at ${
          share ?? 0
        } % until somebody resumes`,
        confirm: false,
      };
    case 'resume':
      return {
        label: 'Resume',
        consequence: share
          ? `Measures the step of ${share} % anew`
          : 'Measures anew, before any traffic moves',
        confirm: false,
      };
    case 'skip':
      return {
        label: 'Skip step',
        consequence: `Leaves the rest of the step of ${share ?? 0} % out${
          next === undefined ? '' : ` and moves ${next} % of the traffic`
        } to ${version}. The step counts as skipped, never as passed; the last step is always judged.`,
        confirm: true,
      };
    case 'abort':
      return {
        label: 'Abort',
        consequence: `Ends the promotion of ${version}${
          from ? ` and sends all traffic back to ${from}` : ''
        }. Another attempt needs a new promotion.`,
        confirm: true,
      };
    case 'cancel':
      return {
        label: 'Cancel',
        consequence: `Ends the promotion of ${version} before it takes any traffic. Another attempt needs a new promotion.`,
        confirm: true,
      };
    case 'retry':
      return {
        label: 'Retry now',
        consequence: 'Tries again what failed for technical reasons',
        confirm: false,
      };
    default:
      return {
        label: 'Re-evaluate',
        consequence: 'Evaluates every gate with the newest evidence',
        confirm: false,
      };
  }
}
