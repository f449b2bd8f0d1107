import type { ApprovalSubject } from '@slipway/backstage-plugin-model-delivery-common';
import { shortDigest } from '../components';
import { planText } from '../promotions/planText';

/**
 * Which parts of what a decision binds to differ, in words.
 * @returns nothing when the subjects are the same
 */
export function whatChanged(
  seen: ApprovalSubject,
  now: ApprovalSubject,
): string[] {
  if (seen.digest === now.digest) {
    return [];
  }
  const digests: [string, string, string][] = [
    ['Version', seen.versionDigest, now.versionDigest],
    ['Policy', seen.policyDigest, now.policyDigest],
    ['Evidence', seen.evidenceDigest, now.evidenceDigest],
  ];
  const plain: [string, string, string][] = [
    ['Environment', seen.environment, now.environment],
    ['Rollout plan', planText(seen.rolloutPlan), planText(now.rolloutPlan)],
  ];
  const parts = [
    ...digests
      .filter(([, before, after]) => before !== after)
      .map(
        ([name, before, after]) =>
          `${name}: ${shortDigest(before)} became ${shortDigest(after)}`,
      ),
    ...plain
      .filter(([, before, after]) => before !== after)
      .map(([name, before, after]) => `${name}: ${before} became ${after}`),
  ];
  // Windows, samples or margins may differ where the shares do not.
  return parts.length > 0 ? parts : ['Rollout plan: its limits changed'];
}
