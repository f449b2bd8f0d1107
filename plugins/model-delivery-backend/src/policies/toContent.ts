import { RolloutPlan } from '@slipway/backstage-plugin-model-delivery-common';
import { toFreezeWindows } from './freezeWindowSchema';
import { PolicyFile } from './policySchema';
import { Gate, PolicyContent, PolicyEnvironment } from './types';

type EnvironmentFile = PolicyFile['spec']['environments'][number];
type RolloutFile = EnvironmentFile['rollout'];

const TIERS = {
  low: 'streamlined',
  medium: 'standard',
  high: 'comprehensive',
} as const;

/** The measures of a rollout, and how each is compared. */
const ROLLOUT_METRICS = {
  'error-rate': { title: 'Error rate', kind: 'proportion', unit: 'share' },
  latency: { title: 'Latency', kind: 'distribution', unit: 'ms' },
  'score-shift': { title: 'Shift of scores', kind: 'shift', unit: 'spread' },
  'score-ks': { title: 'Distance of scores', kind: 'distance', unit: 'KS' },
  'score-psi': { title: 'Stability of scores', kind: 'stability', unit: 'PSI' },
} as const;

/** All traffic at once, without a judgement. */
export const DIRECT_PLAN: RolloutPlan = {
  strategy: 'direct',
  steps: [{ share: 100, windowSeconds: 0, minimumSamples: 0 }],
  metrics: [],
};

/** The content of a policy file that was found to be in order. */
export function toContent({ metadata, spec }: PolicyFile): PolicyContent {
  return {
    name: metadata.name,
    title: metadata.title,
    risk: spec.risk,
    teamSize: spec.teamSize ?? null,
    tier: TIERS[spec.risk],
    roles: Object.entries(spec.roles).map(([role, given]) => ({
      role,
      title: given.title,
      group: given.group,
      outrankedBy: given.outrankedBy,
    })),
    gates: spec.gates.map(
      (gate): Gate => ({
        id: gate.id,
        title: gate.title,
        description: gate.description ?? null,
        stage: gate.stage,
        requires: gate.requires,
        when: gate.when,
        maxAgeSeconds: gate.maxAge ?? null,
        blocking: gate.blocking,
        ...(gate.tolerance && { tolerance: gate.tolerance }),
        ...(gate.kind && { kind: gate.kind }),
      }),
    ),
    environments: spec.environments.map(environment =>
      toEnvironment(environment, spec.roles),
    ),
    ...(spec.faultyData !== 'revoke' && { faultyData: spec.faultyData }),
  };
}

function toEnvironment(
  environment: EnvironmentFile,
  roles: PolicyFile['spec']['roles'],
): PolicyEnvironment {
  const { waivers, skipSteps, breakGlass, reminders, delegation } = environment;
  const role = (id: string) => ({
    role: id,
    title: roles[id].title,
    group: roles[id].group,
  });
  const slots = (asked: EnvironmentFile['approvals']) =>
    asked.map(slot => ({
      ...role(slot.role),
      minimum: slot.minimum,
      reasonRequired: slot.reasonRequired,
    }));
  return {
    name: environment.name,
    tier: environment.tier,
    gates: environment.gates,
    slots: slots(environment.approvals),
    firstDeploymentSlots: slots(environment.firstDeploymentApprovals),
    rollout: toPlan(environment.rollout),
    soakSeconds: environment.soak,
    freezeWindows: environment.freezeWindows.flatMap(toFreezeWindows),
    waivers: waivers
      ? { roles: waivers.roles.map(role), longestSeconds: waivers.longest }
      : null,
    ...(skipSteps && { skipSteps: { roles: skipSteps.roles.map(role) } }),
    breakGlass: breakGlass
      ? {
          role: role(breakGlass.role),
          reviewRole: role(breakGlass.reviewRole),
          reviewWithinSeconds: breakGlass.reviewWithin,
        }
      : null,
    reminders: reminders
      ? {
          everySeconds: reminders.every,
          escalateAfterSeconds: reminders.escalateAfter ?? null,
          escalateTo: reminders.escalateTo ? role(reminders.escalateTo) : null,
        }
      : null,
    delegation: delegation ? { longestSeconds: delegation.longest } : null,
    expiresAfterSeconds: environment.expiresAfter,
  };
}

function toPlan(rollout: RolloutFile): RolloutPlan {
  const { shadow, keepPrevious, watch } = rollout;
  return {
    strategy: rollout.strategy,
    ...(shadow && {
      shadow: {
        share: shadow.share,
        windowSeconds: shadow.window,
        minimumSamples: shadow.minimumSamples,
        maxDisagreement: shadow.maxDisagreement,
        ...(shadow.tolerance && { tolerance: shadow.tolerance }),
      },
    }),
    ...(keepPrevious !== undefined && { keepPreviousSeconds: keepPrevious }),
    ...(watch !== undefined && { watchSeconds: watch }),
    steps: toSteps(rollout),
    metrics:
      rollout.strategy === 'direct'
        ? []
        : rollout.metrics.map(metric => ({
            name: metric.name,
            ...ROLLOUT_METRICS[metric.name],
            margin: metric.margin,
          })),
  };
}

function toSteps(rollout: RolloutFile): RolloutPlan['steps'] {
  switch (rollout.strategy) {
    case 'canary':
      return rollout.steps.map(step => ({
        share: step.share,
        windowSeconds: step.window,
        minimumSamples: step.minimumSamples,
      }));
    case 'blue-green':
      return [
        {
          share: 100,
          windowSeconds: rollout.verify.window,
          minimumSamples: rollout.verify.minimumSamples,
        },
      ];
    default:
      return DIRECT_PLAN.steps;
  }
}
