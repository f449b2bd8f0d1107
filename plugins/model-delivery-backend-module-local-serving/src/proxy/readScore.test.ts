import { gzipSync } from 'node:zlib';
import { isPointer, MLFLOW_SCORES, readScore } from './readScore';

const answer = (body: unknown, encoding?: string) => {
  const text = Buffer.from(
    typeof body === 'string' ? body : JSON.stringify(body),
  );
  return {
    status: 200,
    encoding,
    body: encoding === 'gzip' ? gzipSync(text) : text,
  };
};
const score = (body: unknown, pointers = MLFLOW_SCORES, random = 0.5) =>
  readScore(answer(body), pointers, () => random);

it('is the only number of an answer, or one of them drawn at random', () => {
  expect(score({ predictions: [0.12] })).toBe(0.12);
  expect(score({ predictions: [[0.12]] })).toBe(0.12);
  expect(score({ predictions: 7 })).toBe(7);
  const several = { predictions: [1, 2, 3] };
  expect([0, 0.5, 0.99].map(at => score(several, MLFLOW_SCORES, at))).toEqual([
    1, 2, 3,
  ]);
  const packed = answer({ predictions: [0.12] }, 'gzip');
  expect(readScore(packed, MLFLOW_SCORES, () => 0)).toBe(0.12);
});

it.each<[string, unknown]>([
  ['text', 'no json'],
  ['another form', { outputs: [1] }],
  ['no prediction', { predictions: [] }],
  ['a label', { predictions: ['good'] }],
  ['several columns', { predictions: [[0.1, 0.9]] }],
  ['a record', { predictions: [{ probability: 0.1 }] }],
  ['what is no number', { predictions: [null] }],
  ['a name that every object has', { predictions: { constructor: 1 } }],
])('is not in %s', (_, body) => {
  expect(score(body)).toBeUndefined();
});

it('is where the pointers say', () => {
  expect(
    score(
      { predictions: [[0.1, 0.9]] },
      { predictions: '/predictions', score: '/1' },
    ),
  ).toBe(0.9);
  expect(
    score(
      { outputs: [{ data: [{ 'p/d~': 0.3 }] }] },
      { predictions: '/outputs/0/data', score: '/p~1d~0' },
    ),
  ).toBe(0.3);
  expect(
    score({ a: 1 }, { predictions: '/a/b', score: '/constructor' }),
  ).toBeUndefined();
  expect(['', '/a', '/a~1b/0', 'a', '/a~2'].map(isPointer)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
