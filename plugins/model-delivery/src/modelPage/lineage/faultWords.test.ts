import type { FaultConsequence } from '@slipway/backstage-plugin-model-delivery-common';
import { consequenceWords } from './faultWords';

const of = (
  faultyData: FaultConsequence['faultyData'],
  numbers: Pick<FaultConsequence, 'versions' | 'revoked' | 'evaluations'>,
): FaultConsequence => ({
  policy: { name: 'high', digest: 'sha256:1' },
  title: 'High risk',
  faultyData,
  ...numbers,
});

describe('what a policy does with versions of faulty data', () => {
  it('is said before and afterwards', () => {
    const revoke = of('revoke', { versions: 3, revoked: 1, evaluations: 2 });
    expect(consequenceWords(revoke)).toBe(
      'revokes 2 evaluations of 1 version; 2 versions of which nobody said which data they read keep theirs',
    );
    expect(consequenceWords(revoke, true)).toBe(
      'revoked 2 evaluations of 1 version; 2 versions of which nobody said which data they read kept theirs',
    );
    expect(
      consequenceWords(
        of('revoke-possible', { versions: 1, revoked: 1, evaluations: 0 }),
      ),
    ).toBe('finds no evaluation left to revoke of 1 version');
    expect(
      consequenceWords(
        of('notify', { versions: 2, revoked: 0, evaluations: 0 }),
      ),
    ).toBe('revokes nothing of 2 versions: the owner is told, and decides');
  });
});
