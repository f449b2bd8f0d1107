import {
  ApprovalSlot,
  FaultyDataRule,
  RolloutPlan,
} from '@slipway/backstage-plugin-model-delivery-common';
import { lengthOf } from './strictness/findings';
import { Gate, PolicyEnvironment } from './types';

/** What policies ask for, in a few words; null for nothing. */

/** A gate by what it asks: `candidate.metrics.f1 > 0.8, at most 30d old`. */
export function gateText(gate: Gate): string {
  return [
    gate.when,
    gate.maxAgeSeconds !== null &&
      `at most ${lengthOf(gate.maxAgeSeconds)} old`,
    gate.tolerance && `tolerates ${gate.tolerance.method}`,
    !gate.blocking && 'only warns',
  ]
    .filter(Boolean)
    .join(', ');
}

/** Who has to approve: `Model risk manager, 2 × Compliance officer`. */
export function slotsText(slots: ApprovalSlot[]): string | null {
  return (
    slots
      .map(
        slot =>
          `${slot.minimum > 1 ? `${slot.minimum} × ` : ''}${slot.title}${
            slot.reasonRequired ? '' : ' (no reason needed)'
          }`,
      )
      .join(', ') || null
  );
}

/** How traffic moves: `shadow 100 % 1h, canary 5 % 15m, 100 % 30m, error rate within 5 points`. */
export function rolloutText(plan: RolloutPlan): string {
  const { shadow, steps, metrics } = plan;
  return [
    shadow &&
      `shadow ${shadow.share} % ${lengthOf(shadow.windowSeconds)} (${
        shadow.minimumSamples
      }, ${shadow.maxDisagreement} may differ${
        shadow.tolerance ? `, numbers within ${shadow.tolerance}` : ''
      })`,
    plan.strategy,
    plan.strategy !== 'direct' &&
      steps
        .map(
          step =>
            `${step.share} % ${lengthOf(step.windowSeconds)} (${
              step.minimumSamples
            })`,
        )
        .join(', '),
    metrics
      .map(metric => `${metric.title} within ${marginOf(metric)}`)
      .join(', '),
    plan.keepPreviousSeconds !== undefined &&
      `keeps the version before for ${lengthOf(plan.keepPreviousSeconds)}`,
    plan.watchSeconds !== undefined &&
      `watches for ${lengthOf(plan.watchSeconds)}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** How much worse a candidate may be; shares differ by points. */
function marginOf({ kind, margin, unit }: RolloutPlan['metrics'][number]) {
  switch (kind) {
    case 'proportion':
      return `${Number((margin * 100).toPrecision(6))} points`;
    case 'shift':
      return `${Number((margin * 100).toPrecision(6))} % of the spread`;
    default:
      return `${margin} ${unit}`;
  }
}

/** How long a version serves in the environment before. */
export function soakText({ soakSeconds }: PolicyEnvironment): string | null {
  return soakSeconds > 0 ? lengthOf(soakSeconds) : null;
}

/** When nothing is put in. */
export function windowsText({
  freezeWindows,
}: PolicyEnvironment): string | null {
  return (
    freezeWindows
      .map(
        ({ name, from, to, timeZone }) =>
          `${name}: ${from} to ${to} ${timeZone}`,
      )
      .join('; ') || null
  );
}

/** Who may waive gates. */
export function waiversText({ waivers }: PolicyEnvironment): string | null {
  return (
    waivers &&
    `${waivers.roles.map(role => role.title).join(' or ')}, up to ${lengthOf(
      waivers.longestSeconds,
    )}`
  );
}

/** Who may have a rollout leave the rest of a step out. */
export function skipStepsText({ skipSteps }: PolicyEnvironment): string | null {
  return skipSteps?.roles.map(role => role.title).join(' or ') ?? null;
}

/** Who may break the glass, and who reviews it. */
export function breakGlassText({
  breakGlass,
}: PolicyEnvironment): string | null {
  return (
    breakGlass &&
    `${breakGlass.role.title}, reviewed by ${
      breakGlass.reviewRole.title
    } within ${lengthOf(breakGlass.reviewWithinSeconds)}`
  );
}

/** When people are reminded. */
export function remindersText({ reminders }: PolicyEnvironment): string | null {
  return (
    reminders &&
    `every ${lengthOf(reminders.everySeconds)}${
      reminders.escalateTo && reminders.escalateAfterSeconds
        ? `, after ${lengthOf(reminders.escalateAfterSeconds)} to ${
            reminders.escalateTo.title
          }`
        : ''
    }`
  );
}

/** How long a role may be handed on. */
export function delegationText({
  delegation,
}: PolicyEnvironment): string | null {
  return delegation && `up to ${lengthOf(delegation.longestSeconds)}`;
}

/** What becomes of the evaluations of versions that were made of faulty data. */
export function faultyDataText(rule: FaultyDataRule): string {
  switch (rule) {
    case 'notify':
      return 'owners are told';
    case 'revoke':
      return 'evaluations are revoked of what was made of them';
    default:
      return 'evaluations are revoked of what was made of them, for certain or possibly';
  }
}

/** When approvals expire. */
export function expiryText(environment: PolicyEnvironment): string {
  return `after ${lengthOf(environment.expiresAfterSeconds)}`;
}
