import { Handlers } from '../http/operations';
import { ImpactService } from './ImpactService';
import { LineageService } from './LineageService';

/** Answers the operations on lineage. */
export function createLineageHandlers(
  lineage: LineageService,
  impact: ImpactService,
): Pick<
  Handlers,
  | 'reportOpenLineageEvent'
  | 'getLineage'
  | 'getColumnLineage'
  | 'getLineageImpact'
  | 'raiseDataFault'
  | 'withdrawDataFault'
> {
  return {
    reportOpenLineageEvent: async ({ body, principal }) =>
      (await lineage.report(principal, body))
        ? { status: 201, body: { status: 'recorded' } }
        : { status: 200, body: { status: 'known' } },
    getLineage: async ({ query, principal }) => ({
      status: 200,
      body: await lineage.graph(principal, {
        node: query.node,
        depth: query.depth ?? 4,
        direction: query.direction ?? 'both',
        limit: query.limit ?? 300,
        fanOut: query.fanOut ?? 10,
      }),
    }),
    getColumnLineage: async ({ query, principal }) => ({
      status: 200,
      body: await lineage.columns(principal, query.node),
    }),
    getLineageImpact: async ({ query, principal }) => ({
      status: 200,
      body: await impact.impact(principal, query),
    }),
    raiseDataFault: async ({ body, principal }) => {
      const { fault, isNew } = await impact.raise(principal, body);
      return { status: isNew ? 201 : 200, body: fault };
    },
    withdrawDataFault: async ({ path, body, principal }) => ({
      status: 200,
      body: await impact.withdraw(principal, path.faultId, body),
    }),
  };
}
