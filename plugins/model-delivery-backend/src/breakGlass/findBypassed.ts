import {
  Bypassed,
  GateVerdict,
  RolloutPlan,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { findBinding } from '../bundles/servingBundles';
import { isFrozen } from '../policies/freezeWindows';
import { Policy, PolicyEnvironment } from '../policies/types';
import { findSoak } from '../promotions/holds';
import { findUnproven } from '../promotions/obstacles';
import { duration, listing, round } from '../words';

const VERDICT_WORDS: Record<GateVerdict['verdict'], string> = {
  passed: 'passed',
  failed: 'failed',
  'no-evidence': 'has no evidence',
  error: 'could not be worked out',
  waived: 'waived',
  warned: 'warned',
};

/**
 * Everything that would keep a version out of an environment or slow it down, and that an emergency promotion goes past:
 * approvals, gates, the environment before with its soak, freeze windows and the stepwise rollout. Said in words that stay
 * true while nothing changes, so that two lists can be compared.
 */
export async function findBypassed(options: {
  knex: Knex;
  policy: Policy;
  environment: PolicyEnvironment;
  modelRef: string;
  versionDigest: string;
  /** Gates that do not let it through. */
  blocking: GateVerdict[];
  now: Date;
}): Promise<Bypassed[]> {
  const { knex, policy, environment, modelRef, versionDigest, now } = options;
  const place = { knex, policy, environment, modelRef, versionDigest };
  const unproven = await findUnproven(place);
  const soak = await findSoak(knex, { ...place, now });
  const bound = await findBinding(knex, {
    modelRef,
    environment: environment.name,
  });
  const window = isFrozen(environment.freezeWindows, now);
  return [
    ...environment.slots.map(
      (slot): Bypassed => ({
        kind: 'approval',
        name: slot.role,
        title: `${slot.minimum} ${
          slot.minimum === 1 ? 'approval' : 'approvals'
        } by ${slot.title}`,
      }),
    ),
    ...options.blocking.map(
      (each): Bypassed => ({
        kind: 'gate',
        name: each.gate,
        title: `${each.title}: ${VERDICT_WORDS[each.verdict]}`,
      }),
    ),
    ...(unproven
      ? [
          {
            kind: 'environment',
            name: unproven,
            title: `A verified deployment in ${unproven}`,
          } as const,
        ]
      : []),
    ...(soak && soak.servedSeconds < environment.soakSeconds
      ? [
          {
            kind: 'soak',
            name: soak.environment,
            title: `${duration(environment.soakSeconds)} of soak in ${
              soak.environment
            }`,
          } as const,
        ]
      : []),
    ...(window
      ? [
          {
            kind: 'freeze-window',
            name: window.name,
            title: `The freeze window ${window.name}`,
          } as const,
        ]
      : []),
    ...(bound
      ? [
          {
            kind: 'bundle',
            name: String(bound.id),
            title: `The bundle '${bound.name}', which serves there as a whole and is taken apart`,
          } as const,
        ]
      : []),
    ...skippedSteps(environment.rollout),
  ];
}

function skippedSteps({ strategy, shadow, steps }: RolloutPlan): Bypassed[] {
  const skipped: Bypassed[] = [];
  if (shadow) {
    skipped.push({
      kind: 'rollout',
      name: 'shadow',
      title: 'Shadow traffic before the rollout',
    });
  }
  if (strategy === 'canary') {
    skipped.push({
      kind: 'rollout',
      name: 'canary',
      title: `The canary at ${listing(
        steps.map(step => round(step.share, 1)),
      )} %`,
    });
  } else if (strategy !== 'direct') {
    skipped.push({
      kind: 'rollout',
      name: strategy,
      title: `The ${strategy} rollout`,
    });
  }
  return skipped;
}

/** Whether two lists name the same. Pure. */
export function isSameBypassed(one: Bypassed[], other: Bypassed[]): boolean {
  const text = (list: Bypassed[]) =>
    list.map(each => `${each.kind} ${each.name} ${each.title}`).join('\n');
  return text(one) === text(other);
}
