import type { RolloutSeries } from '@slipway/backstage-plugin-model-delivery-common';
import { errorRateLines, stepMarksOf, trafficLines } from './series';

const side = (requests: number, errors: number) => ({
  requests,
  errors,
  p50: null,
  p95: null,
});

const series: RolloutSeries = {
  bucketSeconds: 30,
  points: [
    {
      at: '2026-11-20T10:00:00Z',
      share: 5,
      candidate: side(0, 0),
      control: side(95, 1),
    },
    {
      at: '2026-11-20T10:00:30Z',
      share: 5,
      candidate: side(10, 1),
      control: side(90, 0),
    },
    {
      at: '2026-11-20T10:01:00Z',
      share: 25,
      candidate: side(25, 0),
      control: side(75, 0),
    },
  ],
};

describe('the series of a canary', () => {
  it('counts errors within the step, from anew when the share changes', () => {
    const { candidate } = errorRateLines(series);
    expect(candidate.map(point => point.y)).toEqual([null, 0.1, 0]);
    expect(candidate[2].high).toBeGreaterThan(0.1);
  });

  it('marks where each step began', () => {
    expect(stepMarksOf(series).map(mark => mark.share)).toEqual([5, 25]);
  });

  it('gives traffic per minute whatever the bucket', () => {
    expect(trafficLines(series).control[0].y).toBe(190);
  });
});
