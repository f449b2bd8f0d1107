import { isTrafficTouched } from '../promotions/transitions';
import { PromotionRecord } from '../promotions/types';
import { StepRecord } from '../rollouts/stepStore';

/** A member of a bundle that rolls out. */
export interface RollingMember {
  record: Pick<PromotionRecord, 'state' | 'operation' | 'rolloutStartedAt'>;
  steps: Pick<StepRecord, 'share' | 'state'>[];
}

/**
 * Whether a member may take a share of the traffic, as far as the others are: each must be rolling out, ready for
 * traffic, and past all its own steps below that share. Members of one policy so go step by step; where policies differ,
 * the slower holds back the faster. Pure.
 * @param share - percent
 */
export function mayTake(share: number, others: RollingMember[]): boolean {
  return others.every(
    ({ record, steps }) =>
      record.state === 'rolling-out' &&
      (isTrafficTouched(record) || record.operation === 'prepared') &&
      steps.every(step => step.share >= share || step.state === 'passed'),
  );
}

/** Whether all members have passed their last step, and none is anywhere else. Pure. */
export function maySettle(members: RollingMember[]): boolean {
  return members.every(
    ({ record, steps }) =>
      record.state === 'rolling-out' &&
      record.operation === 'passed' &&
      steps.every(step => step.state === 'passed'),
  );
}
