import { ComparableModel, comparisonQuery, whyNotCompared } from './comparison';

const model = (
  name: string,
  change: Partial<ComparableModel> = {},
): ComparableModel => ({
  ref: `model:default/${name}`,
  name,
  task: 'tabular-classification',
  production: null,
  latestVersion: 'v2',
  ...change,
});

describe('the choice of models to compare', () => {
  const churn = model('churn');

  it('is of models of one task, with a version each', () => {
    expect(whyNotCompared(churn, [])).toBeUndefined();
    expect(whyNotCompared(model('fraud'), [churn])).toBeUndefined();
    expect(
      whyNotCompared(model('reviews', { task: 'text-classification' }), [
        churn,
      ]),
    ).toBe(
      'reviews is for text-classification, and churn for tabular-classification: the numbers of different tasks do not compare',
    );
    expect(whyNotCompared(model('x', { task: null }), [])).toMatch(/no task/);
    expect(whyNotCompared(model('x', { latestVersion: null }), [])).toMatch(
      /no version yet/,
    );
  });

  it('is of four at most, of which each can be taken back', () => {
    const four = ['a', 'b', 'c', 'd'].map(name => model(name));
    expect(whyNotCompared(churn, four)).toMatch(/^4 models are chosen/);
    expect(whyNotCompared(four[3], four)).toBeUndefined();
  });

  it('leads to the versions that serve, or else the latest ones', () => {
    const query = comparisonQuery([
      model('churn', {
        production: { version: 'v 1', since: '2026-01-01T00:00:00Z' },
      } as Partial<ComparableModel>),
      model('fraud'),
    ]);
    expect(new URLSearchParams(query).getAll('compare')).toEqual([
      'v 1',
      'model:default/fraud@v2',
    ]);
  });
});
