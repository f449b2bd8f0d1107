import { Handlers } from '../http/operations';
import { MetricsService } from './MetricsService';

/** Answers the operations on delivery metrics. */
export function createMetricsHandlers(
  metrics: MetricsService,
): Pick<Handlers, 'getMetrics' | 'getMetricsGroups' | 'listMetricsEvents'> {
  return {
    getMetrics: async ({ query, principal }) => ({
      status: 200,
      body: await metrics.report(principal, query),
    }),
    getMetricsGroups: async ({ query, principal }) => ({
      status: 200,
      body: await metrics.groups(principal, query.by, query, {
        limit: query.limit ?? 50,
        cursor: query.cursor,
      }),
    }),
    listMetricsEvents: async ({ query, principal }) => ({
      status: 200,
      body: await metrics.events(principal, query.measure, query, {
        limit: query.limit ?? 50,
        cursor: query.cursor,
      }),
    }),
  };
}
