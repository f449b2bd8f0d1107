import { parseEntityRef } from '@backstage/catalog-model';
import type { ApprovalSubject } from '@slipway/backstage-plugin-model-delivery-common';
import { shortDigest } from '../components';
import { planText } from '../promotions/planText';

/**
 * Which parts of what a decision binds to differ, in words.
 * @param model - whose subject it is; of a bundle the other members are told by name
 * @returns nothing when the subjects are the same
 */
export function whatChanged(
  seen: ApprovalSubject,
  now: ApprovalSubject,
  model: string,
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
  const before = new Map(
    seen.bundle?.members.map(each => [each.model, each.subjectDigest]),
  );
  (now.bundle?.members ?? [])
    .filter(
      each =>
        each.model !== model && before.get(each.model) !== each.subjectDigest,
    )
    .forEach(each =>
      parts.push(
        `${
          parseEntityRef(each.model).name
        }: what goes with it changed; its gates and plan are above`,
      ),
    );
  // Windows, samples or margins may differ where the shares do not.
  return parts.length > 0 ? parts : ['Rollout plan: its limits changed'];
}
