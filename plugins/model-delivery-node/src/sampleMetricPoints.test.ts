import { sampleMetricPoints } from './sampleMetricPoints';

const point = (step: number, value: number) => ({
  step,
  at: new Date(step),
  value,
});

it('keeps short histories as they are, in the order of steps', () => {
  const points = [point(2, 0.3), point(1, NaN)];
  expect(sampleMetricPoints(points, 10)).toEqual([points[1], points[0]]);
});

it('keeps the ends, each spike and what diverged of a long history', () => {
  const points = Array.from({ length: 50_000 }, (_, step) =>
    point(step, Math.sin(step / 900)),
  );
  points[12_345].value = 90;
  points[31_000].value = -90;
  points[40_000].value = NaN;
  const kept = sampleMetricPoints(points, 300);
  expect(kept.length).toBeLessThanOrEqual(300);
  expect(kept.length).toBeGreaterThan(150);
  expect(kept[0]).toBe(points[0]);
  expect(kept.at(-1)).toBe(points.at(-1));
  expect(kept).toEqual(
    expect.arrayContaining([points[12_345], points[31_000], points[40_000]]),
  );
  expect(kept.map(({ step }) => step)).toEqual(
    kept.map(({ step }) => step).sort((a, b) => a - b),
  );
});

it.each([10, 11, 12, 100])('gives at most %i points', max => {
  const points = Array.from({ length: 1_000 }, (_, step) => point(step, step));
  expect(sampleMetricPoints(points, max).length).toBeLessThanOrEqual(max);
});
