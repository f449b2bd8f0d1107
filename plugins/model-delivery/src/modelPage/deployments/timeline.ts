import type { Deployment } from '@slipway/backstage-plugin-model-delivery-common';

/** A deployment as a bar on the time axis, in percent of its width. */
export interface TimelineBar {
  deployment: Deployment;
  left: number;
  width: number;
}

/**
 * The deployments of one environment as bars, earliest first.
 * @param from - start of the axis, milliseconds since 1970
 * @param to - end of the axis and now, milliseconds since 1970
 */
export function timelineBars(
  deployments: Deployment[],
  environment: string,
  from: number,
  to: number,
): TimelineBar[] {
  const span = to - from;
  return deployments
    .filter(each => each.environment === environment)
    .map(deployment => {
      const start = Math.max(from, Date.parse(deployment.startedAt));
      const end = Math.min(
        to,
        deployment.endedAt ? Date.parse(deployment.endedAt) : to,
      );
      return {
        deployment,
        left: ((start - from) / span) * 100,
        width: ((end - start) / span) * 100,
      };
    })
    .filter(({ left, width }) => width >= 0 && left <= 100)
    .sort((a, b) => a.left - b.left);
}

/** Dates for the axis: as many as fit, at whole days, from start to end. */
export function axisTicks(from: number, to: number, count = 5): number[] {
  const step = (to - from) / count;
  return Array.from({ length: count }, (_, index) => from + step * index);
}
