import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { EvaluationsService } from './EvaluationsService';

/** Answers the operations on evaluations. */
export function createEvaluationHandlers(
  evaluations: EvaluationsService,
): Pick<Handlers, 'listEvaluations' | 'reportEvaluation'> {
  return {
    listEvaluations: async ({ path, query, principal }) => ({
      status: 200,
      body: await evaluations.list(principal, modelRefOf(path), path.version, {
        limit: query.limit ?? 50,
        cursor: query.cursor,
      }),
    }),
    reportEvaluation: async ({ path, body, principal }) => {
      const { evaluation, created } = await evaluations.report(
        principal,
        modelRefOf(path),
        path.version,
        body,
      );
      return { status: created ? 201 : 200, body: evaluation };
    },
  };
}
