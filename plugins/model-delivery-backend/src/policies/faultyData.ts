import { FaultyDataRule } from '@slipway/backstage-plugin-model-delivery-common';
import { FAULTY_DATA_RULES } from './policySchema';
import { PolicyContent } from './types';

/** What a policy says of versions that were made of faulty data; `revoke` where it says nothing. Pure. */
export function faultyDataOf({
  faultyData = 'revoke',
}: Pick<PolicyContent, 'faultyData'>): FaultyDataRule {
  return faultyData;
}

/** Whether whatever the second rule revokes the first one revokes too. Pure. */
export function isAsStrictOnData(
  one: FaultyDataRule,
  other: FaultyDataRule,
): boolean {
  return FAULTY_DATA_RULES.indexOf(one) >= FAULTY_DATA_RULES.indexOf(other);
}

/**
 * Whether the evaluations of a version are revoked. Pure.
 * @param certain - that it was made of the faulty data; otherwise nobody said which version of them it read
 */
export function isRevokedBy(rule: FaultyDataRule, certain: boolean): boolean {
  return isAsStrictOnData(rule, certain ? 'revoke' : 'revoke-possible');
}
