import type { Evaluation } from '@slipway/backstage-plugin-model-delivery-common';
import { differentData, evaluatedOf, sharesOf } from './evaluated';

const young = { attribute: 'age', value: 'young' };

const evaluation = (day: number, changes: Partial<Evaluation>) =>
  ({
    fact: 'candidate',
    measuredAt: `2026-11-${day}T00:00:00Z`,
    dataset: { name: 'holdout', version: String(day) },
    metrics: [{ name: 'f1', value: day }],
    ...changes,
  } as Evaluation);

it('takes what was measured last of the candidate and was not revoked', () => {
  const slice = (value: number) => [{ name: 'f1', value, slice: young }];
  const matrix = (count: number) => ({
    labels: ['a', 'b'],
    counts: [
      [count, 0],
      [0, count],
    ],
  });
  const found = evaluatedOf([
    evaluation(10, { metrics: slice(0.1), confusionMatrix: matrix(1) }),
    evaluation(14, { metrics: slice(0.4), fact: 'training' }),
    evaluation(13, {
      metrics: slice(0.3),
      confusionMatrix: matrix(3),
      revoked: {} as Evaluation['revoked'],
    }),
    evaluation(12, { metrics: [...slice(0.2), { name: 'f1', value: 0.5 }] }),
  ]);
  expect(found).toEqual({
    measuredOn: 'holdout@12',
    slices: slice(0.2),
    slicesOf: 'holdout@12',
    matrix: { matrix: matrix(1), of: 'holdout@10' },
  });
  expect(evaluatedOf([])).toEqual({
    measuredOn: null,
    slices: [],
    slicesOf: null,
    matrix: null,
  });
});

it('says when data differ', () => {
  const told = (of: string | null) => [
    { version: '1', of: 'a' },
    { version: '2', of },
  ];
  expect(differentData('Measured', told('a'))).toBeUndefined();
  expect(differentData('Measured', told(null))).toBe(
    'Measured on different data: 1 on a, 2 on data that was not told. Differences may come from that.',
  );
});

it('gives shares of rows, and none of nothing', () => {
  expect(sharesOf([3, 1])).toEqual([0.75, 0.25]);
  expect(sharesOf([0, 0])).toEqual([null, null]);
});
