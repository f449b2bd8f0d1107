import type { FaultConsequence } from '@slipway/backstage-plugin-model-delivery-common';
import { count } from '../../revocations/revoked';

/**
 * What a policy does with versions that were made of faulty data, or did: continues the policy's title. Pure.
 * @param did - what was done, instead of what would be
 */
export function consequenceWords(
  consequence: FaultConsequence,
  did = false,
): string {
  const { faultyData, versions, revoked, evaluations } = consequence;
  if (faultyData === 'notify') {
    return `${did ? 'revoked' : 'revokes'} nothing of ${count(
      versions,
      'version',
    )}: the owner is told, and decides`;
  }
  const rest = versions - revoked;
  const kept =
    rest > 0
      ? `; ${count(rest, 'version')} of which nobody said which data ${
          rest === 1 ? 'it' : 'they'
        } read ${did ? 'kept' : 'keep'} theirs`
      : '';
  if (evaluations === 0) {
    return `${did ? 'found' : 'finds'} no evaluation left to revoke of ${count(
      revoked,
      'version',
    )}${kept}`;
  }
  return `${did ? 'revoked' : 'revokes'} ${count(
    evaluations,
    'evaluation',
  )} of ${count(revoked, 'version')}${kept}`;
}
