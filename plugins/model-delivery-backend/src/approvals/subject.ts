import {
  ApprovalSubject,
  RolloutPlan,
} from '@slipway/backstage-plugin-model-delivery-common';
import { digestOf } from '../policies/digest';
import { nameOf } from '../gates/explainVerdict';
import { parseFact } from '../gates/facts';
import { Evidence, EvidenceFact } from '../promotions/types';
import { listing, metricValue } from '../words';

/** What an approval binds to, with the digest over it. */
export function approvalSubject(parts: {
  versionDigest: string;
  environment: string;
  policyDigest: string;
  evidenceDigest: string;
  rolloutPlan: RolloutPlan;
}): ApprovalSubject {
  const { versionDigest, environment, policyDigest, evidenceDigest } = parts;
  const covered = {
    versionDigest,
    environment,
    policyDigest,
    evidenceDigest,
    rolloutPlan: parts.rolloutPlan,
  };
  return { digest: digestOf(covered), ...covered };
}

/** The parts of a subject that are compared to say what changed. */
export interface ComparableSubject {
  policyDigest: string;
  plan: RolloutPlan;
  evidence: Evidence | null;
  /** Facts whose evidence was revoked, of those that were asked for. */
  withdrawn?: string[];
}

const MAX_NAMED = 3;

/** Says what changed between two subjects, such as `F1 was 0.846 and is now 0.842`. */
export function describeChange(
  before: ComparableSubject,
  after: ComparableSubject,
): string {
  const changes: string[] = [];
  if (before.policyDigest !== after.policyDigest) {
    changes.push('the policy changed');
  }
  if (before.evidence?.production !== after.evidence?.production) {
    changes.push('another version serves in production now');
  }
  changes.push(
    ...waiverChanges(
      before.evidence?.waivers ?? [],
      after.evidence?.waivers ?? [],
    ),
    ...factChanges(
      before.evidence?.facts ?? [],
      after.evidence?.facts ?? [],
      after.withdrawn ?? [],
    ),
  );
  if (digestOf(before.plan) !== digestOf(after.plan)) {
    changes.push('the rollout plan changed');
  }
  const named = changes.slice(0, MAX_NAMED);
  const more = changes.length - named.length;
  return changes.length === 0
    ? 'what it was bound to changed'
    : listing(more > 0 ? [...named, `${more} more changes`] : named);
}

function waiverChanges(
  before: NonNullable<Evidence['waivers']>,
  after: NonNullable<Evidence['waivers']>,
): string[] {
  const lacks = (list: typeof before, waiver: string) =>
    !list.some(each => each.waiver === waiver);
  return [
    ...after
      .filter(each => lacks(before, each.waiver))
      .map(each => `the gate '${each.gate}' was waived`),
    ...before
      .filter(each => lacks(after, each.waiver))
      .map(each => `the waiver of the gate '${each.gate}' holds no more`),
  ];
}

function factChanges(
  before: EvidenceFact[],
  after: EvidenceFact[],
  withdrawn: string[],
): string[] {
  const names = [...new Set([...after, ...before].map(each => each.fact))];
  return names.flatMap(fact => {
    const from = before.find(each => each.fact === fact);
    const to = after.find(each => each.fact === fact);
    const metric = parseFact(fact)?.metric ?? fact;
    const say = (value: number) => metricValue(metric, value);
    if (!from && to) {
      return [`${nameOf(fact)} is now known: ${say(to.value)}`];
    }
    if (from && !to) {
      const how = withdrawn.includes(fact)
        ? 'was revoked'
        : 'is no longer known';
      return [`${nameOf(fact)} ${how}; it was ${say(from.value)}`];
    }
    if (!from || !to) {
      return [];
    }
    if (from.value !== to.value) {
      return [
        `${nameOf(fact)} was ${say(from.value)} and is now ${say(to.value)}`,
      ];
    }
    if (
      from.source !== to.source ||
      from.low !== to.low ||
      from.high !== to.high
    ) {
      return [`${nameOf(fact)} was measured again: ${say(to.value)} as before`];
    }
    return [];
  });
}
