import type {
  Deployment,
  Incident,
} from '@slipway/backstage-plugin-model-delivery-common';

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

/** An incident on the time axis, in percent of its width. */
export interface IncidentMark {
  incident: Incident;
  /** Of the deployment that caused it. */
  version: string;
  left: number;
}

/** The incidents that deployments of one environment caused, where they were noticed within the period. */
export function incidentMarks(
  incidents: Incident[],
  deployments: Deployment[],
  environment: string,
  from: number,
  to: number,
): IncidentMark[] {
  return incidents.flatMap(incident => {
    const cause = deployments.find(each => each.id === incident.deploymentId);
    const left = ((Date.parse(incident.detectedAt) - from) / (to - from)) * 100;
    return cause?.environment === environment && left >= 0 && left <= 100
      ? { incident, version: cause.version, left }
      : [];
  });
}

/** Dates for the axis: as many as fit, at whole days, from start to end. */
export function axisTicks(from: number, to: number, count = 5): number[] {
  const step = (to - from) / count;
  return Array.from({ length: count }, (_, index) => from + step * index);
}
