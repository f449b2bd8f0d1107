import fc from 'fast-check';
import {
  findModelEntityErrors,
  modelEntityV1alpha1Schema,
  modelRelationFields,
  parseRegistryReference,
  tierOf,
} from '.';

describe('tierOf', () => {
  it.each([
    ['low', 'streamlined'],
    ['medium', 'standard'],
    ['high', 'comprehensive'],
  ] as const)('of %s risk is %s', (risk, tier) => {
    expect(tierOf(risk)).toBe(tier);
  });
});

describe('parseRegistryReference', () => {
  it.each([
    ['mlflow://main/credit-default', 'mlflow', 'main', 'credit-default'],
    ['mlflow://eu-1/team/credit.v2', 'mlflow', 'eu-1', 'team/credit.v2'],
    ['mlflow://main/credit%20default', 'mlflow', 'main', 'credit default'],
  ])('reads %s', (text, type, connection, model) => {
    expect(parseRegistryReference(text)).toEqual({ type, connection, model });
  });

  it.each([
    '',
    'credit',
    'mlflow:/main/x',
    'mlflow://main/',
    'mlflow://main/%',
  ])('refuses %j and says what would be right', text => {
    expect(() => parseRegistryReference(text)).toThrow(
      /mlflow:\/\/main\/credit-default/,
    );
  });

  it('reads back every name that is percent-encoded', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter(name => /^[^\s]/.test(name)),
        name => {
          expect(
            parseRegistryReference(`mlflow://main/${encodeURIComponent(name)}`)
              .model,
          ).toBe(name);
        },
      ),
    );
  });
});

describe('the schema of the Model kind', () => {
  it('accepts its own example', () => {
    const [example] = modelEntityV1alpha1Schema.examples as [
      Parameters<typeof findModelEntityErrors>[0],
    ];
    expect(findModelEntityErrors(example)).toEqual([]);
  });

  it('knows every field that makes a relation', () => {
    const { properties } = modelEntityV1alpha1Schema as {
      properties: { spec: { properties: object } };
    };
    expect(Object.keys(properties.spec.properties)).toEqual(
      expect.arrayContaining(modelRelationFields.map(({ field }) => field)),
    );
  });
});
