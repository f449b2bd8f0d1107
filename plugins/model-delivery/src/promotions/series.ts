import { wilsonInterval } from '@slipway/canary-analysis';
import type { RolloutSeries } from '@slipway/backstage-plugin-model-delivery-common';
import type { LinePoint } from '../charts';

/** Both sides of a canary as lines. */
export interface CanaryLines {
  candidate: LinePoint[];
  control: LinePoint[];
}

/** Where a step began: the share it gave and the time of its first bucket. */
export interface StepMark {
  x: number;
  share: number;
}

type Point = RolloutSeries['points'][number];
type Side = 'candidate' | 'control';

/** The beginnings of steps, seen by the share of traffic changing. */
export function stepMarksOf(series: RolloutSeries): StepMark[] {
  const marks: StepMark[] = [];
  let before: number | null = null;
  for (const point of series.points) {
    if (point.share !== null && point.share !== before) {
      marks.push({ x: Date.parse(point.at), share: point.share });
    }
    before = point.share;
  }
  return marks;
}

/**
 * Errors of each side among all its answers of the step so far, with
 * Wilson's 95 % interval of the candidate. A step is judged by all its
 * answers, so the line ends where the statistics of the step stand.
 */
export function errorRateLines(series: RolloutSeries): CanaryLines {
  const line = (side: Side) => {
    let share: number | null | undefined;
    let requests = 0;
    let errors = 0;
    return series.points.map((point): LinePoint => {
      if (point.share !== share) {
        share = point.share;
        requests = 0;
        errors = 0;
      }
      requests += point[side].requests;
      errors += point[side].errors;
      if (requests === 0) {
        return { x: Date.parse(point.at), y: null };
      }
      const { low, high } = wilsonInterval({
        count: errors,
        samples: requests,
      });
      return {
        x: Date.parse(point.at),
        y: errors / requests,
        // Two bands over each other can no longer be told apart; the control's is the narrow one.
        ...(side === 'candidate' && { low, high }),
      };
    });
  };
  return { candidate: line('candidate'), control: line('control') };
}

/** 95th percentile of each side's latency in each bucket, in milliseconds. */
export function latencyLines(series: RolloutSeries): CanaryLines {
  return linesOf(series, (point, side) => point[side].p95);
}

/** Requests that each side answered, per minute; the last bucket, which has not ended, would look like a fall. */
export function trafficLines(series: RolloutSeries): CanaryLines {
  const minutes = series.bucketSeconds / 60;
  const last = series.points[series.points.length - 1];
  return linesOf(series, (point, side) =>
    point === last && series.points.length > 1
      ? null
      : point[side].requests / minutes,
  );
}

function linesOf(
  series: RolloutSeries,
  value: (point: Point, side: Side) => number | null,
): CanaryLines {
  const line = (side: Side) =>
    series.points.map(point => ({
      x: Date.parse(point.at),
      y: value(point, side),
    }));
  return { candidate: line('candidate'), control: line('control') };
}

/** The last known value of a line. */
export function lastOf(points: LinePoint[]): number | null {
  return [...points].reverse().find(point => point.y !== null)?.y ?? null;
}
