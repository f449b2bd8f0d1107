import { gzipSync } from 'node:zlib';
import { compareAnswers } from './compareAnswers';

const answer = (value: unknown, status = 200) => ({
  status,
  body: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
});
const agree = (one: unknown, other: unknown, tolerance = 0) =>
  compareAnswers(answer(one), answer(other), tolerance).agreed;

it('compares what is predicted, not who predicted it', () => {
  expect(
    agree(
      { predictions: [0.5], model_version: '1' },
      { model_version: '2', predictions: [0.5] },
    ),
  ).toBe(true);
  expect(
    agree(
      { id: 'a', outputs: [{ name: 'y', data: [1, 2] }] },
      { id: 'b', outputs: [{ data: [1, 2], name: 'y' }] },
    ),
  ).toBe(true);
  expect(agree({ label: 'cat' }, { label: 'dog' })).toBe(false);
});

it('knows a tolerance for small numbers and for large ones', () => {
  expect(agree([0.5], [0.509], 0.01)).toBe(true);
  expect(agree([0.5], [0.511], 0.01)).toBe(false);
  expect(agree([1000], [1009], 0.01)).toBe(true);
  expect(agree([1000], [1011], 0.01)).toBe(false);
  expect(
    compareAnswers(answer([1, 5, 3]), answer([1, 2, 3.5]), 0).difference,
  ).toBe(3);
});

it.each([
  ['another status', answer([1]), answer([1], 400)],
  ['another length', answer([1]), answer([1, 1])],
  ['another field', answer({ a: 1 }), answer({ b: 1 })],
  ['one more field', answer({ a: 1 }), answer({ a: 1, b: 1 })],
  ['a number for a text', answer(['1']), answer([1])],
  ['null for a number', answer([1]), answer([null])],
  ['no JSON', answer('[1]'), answer('[1')],
])('does not let %s pass', (_, one, other) => {
  expect(compareAnswers(one, other, 0.1).agreed).toBe(false);
});

it('reads compressed answers, and answers that are no JSON byte by byte', () => {
  const packed = { ...answer(''), encoding: 'gzip', body: gzipSync('[1.0]') };
  expect(compareAnswers(answer([1]), packed, 0).agreed).toBe(true);
  expect(agree('cat', 'cat')).toBe(true);
  expect(agree('cat', 'dog')).toBe(false);
  const torn = { ...packed, body: packed.body.subarray(0, 10) };
  expect(compareAnswers(answer([1]), torn, 0).agreed).toBe(false);
});
