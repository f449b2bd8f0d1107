import {
  RegistryMetricHistory,
  RegistryMetricPoint,
  sampleMetricPoints,
} from '@slipway/backstage-plugin-model-delivery-node';
import { MlflowMetricPoint } from './mlflowSchemas';
import { MlflowTracking } from './MlflowTracking';

/** Values per request. */
const PAGE = 5_000;
/** Whole histories are read up to so many pages; of longer ones the server gives a sample. */
const MAX_PAGES = 4;
/** The most values that the server gives of a sample. */
const SAMPLE = 2_500;

/**
 * How one metric of a run went. Up to 20,000 values all of them are read, so that no spike is lost; of more, those that
 * MLflow picks evenly by step.
 */
export async function readMetricHistory(
  tracking: MlflowTracking,
  options: {
    runId: string;
    metric: string;
    maxPoints: number;
    signal?: AbortSignal;
  },
): Promise<RegistryMetricHistory> {
  const { runId, metric, maxPoints, signal } = options;
  const all: MlflowMetricPoint[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await tracking.getMetricHistory({
      runId,
      metric,
      maxResults: PAGE,
      pageToken,
      signal,
    });
    all.push(...answer.items);
    pageToken = answer.nextPageToken;
    if (!pageToken) {
      break;
    }
  }
  const read = pageToken
    ? await tracking.sampleMetricHistory({
        runId,
        metric,
        maxResults: SAMPLE,
        signal,
      })
    : all;
  const points = sampleMetricPoints(read.map(toPoint), maxPoints);
  return {
    metric,
    points,
    sampled: pageToken !== undefined || points.length < read.length,
  };
}

function toPoint({ step, timestamp, value }: MlflowMetricPoint) {
  return {
    step,
    at: new Date(timestamp),
    value,
  } satisfies RegistryMetricPoint;
}
