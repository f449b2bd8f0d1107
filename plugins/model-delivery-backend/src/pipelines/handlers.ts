import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { PipelinesService } from './PipelinesService';

/** Answers the operations on pipeline runs. */
export function createPipelineHandlers(
  pipelines: PipelinesService,
): Pick<Handlers, 'listPipelineRuns' | 'getPipelineRun' | 'reportPipelineRun'> {
  return {
    listPipelineRuns: async ({ path, query, principal }) => ({
      status: 200,
      body: await pipelines.list(principal, modelRefOf(path), {
        limit: query.limit ?? 50,
        cursor: query.cursor,
      }),
    }),
    getPipelineRun: async ({ path, principal }) => ({
      status: 200,
      body: await pipelines.get(principal, modelRefOf(path), path.runId),
    }),
    reportPipelineRun: async ({ path, body, principal }) => {
      const { run, created } = await pipelines.report(
        principal,
        modelRefOf(path),
        path.runId,
        body,
      );
      return { status: created ? 201 : 200, body: run };
    },
  };
}
