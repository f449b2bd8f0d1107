import { RolloutPlan } from '@slipway/backstage-plugin-model-delivery-common';
import { TargetState } from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { emergencyPlan } from '../breakGlass/emergencyPlan';
import { PromotionRecord } from '../promotions/types';
import { Share, TOLERANCE } from './shares';

/**
 * The share, in percent, that a promotion's version was found to have already, when the promotion is to adopt that;
 * undefined for all others, and once it has that share no more.
 */
export async function findAdoptedShare(
  knex: Knex,
  record: Pick<PromotionRecord, 'id' | 'version'>,
): Promise<number | undefined> {
  const change: { found: string } | undefined = await knex('outside_changes')
    .where({ promotion_id: record.id, state: 'open', kind: 'traffic' })
    .first('found');
  return change && shareOf(JSON.parse(change.found), record.version);
}

/**
 * How traffic moves when a version is adopted that has a share already: never away from it. What has all of it is
 * recorded as it is, and watched as the policy says; what has less goes on from there, with the steps beyond it. Pure.
 */
export function adoptingPlan(usual: RolloutPlan, share: number): RolloutPlan {
  if (share >= 100 - TOLERANCE) {
    return { ...emergencyPlan(usual), adoptedShare: 100 };
  }
  const { shadow: _, ...plan } = usual;
  if (usual.strategy !== 'canary') {
    return { ...plan, adoptedShare: share };
  }
  const [first, ...others] = usual.steps;
  const reached = others.filter(step => step.share <= share).pop() ?? first;
  return {
    ...plan,
    adoptedShare: share,
    steps: [
      { ...reached, share },
      ...usual.steps.filter(step => step.share > share),
    ],
  };
}

/** Whether a target still gives a version what is to be adopted; always true of promotions that adopt nothing. Pure. */
export function isStillThere(
  record: Pick<PromotionRecord, 'plan' | 'version'>,
  { shares }: Pick<TargetState, 'shares'>,
): boolean {
  const { adoptedShare } = record.plan;
  return (
    adoptedShare === undefined ||
    Math.abs((shareOf(shares, record.version) ?? 0) - adoptedShare) <= TOLERANCE
  );
}

function shareOf(shares: Share[], version: string): number | undefined {
  return shares.find(each => each.version === version && each.share > 0)?.share;
}
