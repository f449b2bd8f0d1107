import type {
  ApprovalSlot,
  FaultyDataRule,
  Policy,
  PolicyEnvironment,
  RolloutPlan,
  TeamSize,
} from '@slipway/backstage-plugin-model-delivery-common';
import { formatNumber } from '../charts';
import { formatDuration } from '../components';
import { planText } from '../promotions/planText';
import { TEAM_SIZES } from './policiesQuery';

/** Sizes of teams as a heading says them. */
export const teamWords: Record<TeamSize, string> = {
  small: 'Small team',
  medium: 'Medium team',
  large: 'Large team',
};

/** For whom a policy is in force: `small and medium teams`, `teams of any size`. */
export function teamsText({ teamSizes }: Policy): string {
  return teamSizes.length === TEAM_SIZES.length
    ? 'teams of any size'
    : `${teamSizes.join(' and ')} teams`;
}

/** What an environment asks for, in a few short lines. */
export function summaryOf(environment: PolicyEnvironment): string[] {
  const { gates, slots, firstDeploymentSlots, rollout } = environment;
  const approvals = count(slots);
  const first = count(firstDeploymentSlots);
  let approvalText = plural(approvals, 'approval');
  if (approvals === 0) {
    approvalText = first
      ? `${plural(first, 'approval')} at first`
      : 'no approval';
  }
  return [
    `${plural(gates.length, 'gate')}, ${approvalText}`,
    planText(rollout),
    ...(environment.soakSeconds > 0
      ? [`Soak ${formatDuration(environment.soakSeconds)}`]
      : []),
    ...(environment.freezeWindows.length > 0
      ? [plural(environment.freezeWindows.length, 'freeze window')]
      : []),
  ];
}

/** One step of a rollout: `5 % for 15 min, at least 250 requests`. */
export function stepText(step: {
  share: number;
  windowSeconds: number;
  minimumSamples: number;
}): string {
  const { share, windowSeconds, minimumSamples } = step;
  return [
    `${share} %${
      windowSeconds > 0 ? ` for ${formatDuration(windowSeconds)}` : ''
    }`,
    minimumSamples > 0 &&
      `at least ${formatNumber(minimumSamples, { digits: 0 })} requests`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** How much worse a candidate may be by one metric: `Error rate: at most 1 point worse`. */
export function marginText(metric: RolloutPlan['metrics'][number]): string {
  const { title, kind, margin } = metric;
  const amount = (value: number) =>
    value.toLocaleString('en', { maximumSignificantDigits: 3 });
  const points = (value: number) =>
    `${amount(value * 100)} ${
      amount(value * 100) === '1' ? 'point' : 'points'
    }`;
  switch (kind) {
    case 'distribution':
      return `${title}: at most ${amount(margin)} ms worse`;
    case 'shift':
      return `${title}: at most ${amount(
        margin * 100,
      )} % of their spread, up or down`;
    case 'distance':
      return `${title}: at most ${points(margin)} (Kolmogorov-Smirnov)`;
    case 'stability':
      return `${title}: an index (PSI) of at most ${amount(margin)}`;
    default:
      return `${title}: at most ${points(margin)} worse`;
  }
}

/** What becomes of a version when data that it was made of are found faulty. */
export function faultyDataText(rule: FaultyDataRule): string {
  switch (rule) {
    case 'notify':
      return 'The owner is told, and decides; its evaluations count on';
    case 'revoke':
      return 'The owner is told, and its evaluations are revoked if it was made of them for certain';
    default:
      return 'The owner is told, and its evaluations are revoked, also where nobody said which version of the data it read';
  }
}

/** A list as a sentence counts it: `no gates`, `1 gate`, `3 gates`. */
export function plural(amount: number, thing: string): string {
  if (amount === 0) {
    return `no ${thing}s`;
  }
  return `${amount} ${thing}${amount === 1 ? '' : 's'}`;
}

/** How many people have to approve. */
function count(slots: ApprovalSlot[]): number {
  return slots.reduce((sum, slot) => sum + slot.minimum, 0);
}
