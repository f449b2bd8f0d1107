import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { DeploymentsService } from './DeploymentsService';

/** Answers the operations on deployments. */
export function createDeploymentHandlers(
  deployments: DeploymentsService,
): Pick<Handlers, 'listDeployments' | 'recordDeployment' | 'getServing'> {
  return {
    listDeployments: async ({ path, query, principal }) => ({
      status: 200,
      body: await deployments.list(principal, modelRefOf(path), query, {
        limit: query.limit ?? 50,
        cursor: query.cursor,
      }),
    }),
    recordDeployment: async ({ path, body, principal }) => {
      const { deployment, isNew } = await deployments.record(
        principal,
        modelRefOf(path),
        body,
      );
      return { status: isNew ? 201 : 200, body: deployment };
    },
    getServing: async ({ path, query, principal }) => ({
      status: 200,
      body: await deployments.servingAt(principal, modelRefOf(path), query),
    }),
  };
}
