import type {
  MetricHistories,
  Version,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  curveInWords,
  curveOf,
  curveRows,
  registryMetrics,
  ticksAround,
} from './curves';

const told = (
  version: string,
  points: [step: number, minute: number, value: number | null][],
) => ({
  version,
  histories: {
    state: 'read',
    items: [
      {
        metric: 'loss',
        sampled: false,
        points: points.map(([step, minute, value]) => ({
          step,
          at: new Date(Date.UTC(2026, 10, 1, 0, minute)).toISOString(),
          value,
        })),
      },
    ],
  } satisfies MetricHistories,
});

it('draws a line for each version that was logged more than once', () => {
  const curve = curveOf('loss', [
    told('1', [
      [0, 0, 0.9],
      [1, 1, null],
      [2, 2, 0.5],
    ]),
    told('2', [[0, 0, 0.4]]),
  ])!;
  expect(curve).toMatchObject({
    along: 'steps',
    without: ['2'],
    lines: [{ version: '1' }],
  });
  expect(curveRows(curve, String, String)).toEqual([
    ['0', '0.9'],
    ['1', 'not finite'],
    ['2', '0.5'],
  ]);
  expect(curveInWords(curve, String)).toBe(
    '1: from 0.9 to 0.5, lowest 0.5, highest 0.9',
  );
  expect(curveOf('loss', [told('2', [[0, 0, 0.4]])])).toBeUndefined();
  expect(curveOf('other', [told('2', [[0, 0, 0.4]])])).toBeUndefined();
});

it('goes by time where nothing counted steps', () => {
  const curve = curveOf('loss', [
    told('1', [
      [0, 10, 0.9],
      [0, 13, 0.8],
    ]),
  ])!;
  expect(curve.along).toBe('minutes');
  expect(curve.lines[0].points.map(({ x }) => x)).toEqual([0, 3]);
});

it('names the metrics of most versions first', () => {
  const version = (...names: string[]) =>
    ({
      registry: { metrics: Object.fromEntries(names.map(name => [name, 1])) },
    } as unknown as Version);
  expect(
    registryMetrics([
      version('b', 'a'),
      version('b'),
      { registry: null } as Version,
    ]),
  ).toEqual(['b', 'a']);
});

it.each([
  [[0.2, 1.1], [0, 0.25, 0.5, 0.75, 1, 1.25], 2],
  [[0.71, 0.73], [0.71, 0.715, 0.72, 0.725, 0.73], 3],
  [[5], [4, 6], 0],
  [[0, 0], [0, 0.25], 2],
  [[-3, 1200], [-500, 0, 500, 1000, 1500], 0],
])('puts round ticks around %j', (values, ticks, digits) => {
  const found = ticksAround(values);
  expect(found.ticks.map(tick => Number(tick.toFixed(6)))).toEqual(ticks);
  expect(found.digits).toBe(digits);
});
