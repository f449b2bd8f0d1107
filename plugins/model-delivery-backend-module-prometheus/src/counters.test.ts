import { growth } from './counters';

it.each<[string, [number, number][], number]>([
  [
    'from the last value before the interval',
    [
      [90, 5],
      [98, 7],
      [101, 9],
      [110, 12],
    ],
    5,
  ],
  [
    'from 0 when it began within',
    [
      [104, 3],
      [110, 8],
    ],
    8,
  ],
  [
    'through a restart of its server',
    [
      [98, 50],
      [102, 60],
      [104, 2],
      [108, 6],
    ],
    16,
  ],
  [
    'by nothing when it stood still',
    [
      [98, 50],
      [105, 50],
    ],
    0,
  ],
  ['by nothing when it was not read within', [[98, 50]], 0],
  [
    'up to the end of the interval only',
    [
      [100, 1],
      [110, 4],
      [111, 90],
    ],
    3,
  ],
])('a counter grows %s', (_, values, expected) => {
  expect(growth(values, 100, 110)).toBe(expected);
});
