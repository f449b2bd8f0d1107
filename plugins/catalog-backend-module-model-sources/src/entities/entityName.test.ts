import { makeValidator } from '@backstage/catalog-model';
import * as fc from 'fast-check';
import { toEntityName, withHash } from './entityName';

describe('toEntityName', () => {
  it.each([
    ['credit-default', 'credit-default'],
    ['credit_default.v2', 'credit_default.v2'],
    ['Credit Default', 'credit-default'],
    ['team/credit/../x', 'team-credit-x'],
    ['Ältere Kunden 🚀', 'altere-kunden'],
    ['--a--', 'a'],
  ])('of %s is %s', (name, expected) => {
    expect(toEntityName(name)).toBe(expected);
  });

  it.each(['نموذج', '🚀', '模型 v2', 'x'.repeat(64), ''])(
    'tells %s by a hash',
    name => {
      expect(toEntityName(name)).toMatch(/-[0-9a-f]{8}$/);
    },
  );

  it('is a name that the catalog takes, for every text', () => {
    const { isValidEntityName } = makeValidator();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), name => {
        expect(isValidEntityName(toEntityName(name))).toBe(true);
        expect(
          isValidEntityName(withHash(toEntityName(name), '01234567')),
        ).toBe(true);
      }),
    );
  });
});
