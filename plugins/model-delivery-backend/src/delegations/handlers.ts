import { Handlers } from '../http/operations';
import { DelegationsService } from './DelegationsService';

/** Answers the operations on delegations. */
export function createDelegationHandlers(
  delegations: DelegationsService,
): Pick<Handlers, 'listDelegations' | 'handOnRole' | 'endDelegation'> {
  return {
    listDelegations: async ({ query, principal }) => ({
      status: 200,
      body: await delegations.list(principal, {
        limit: query.limit ?? 50,
        cursor: query.cursor,
      }),
    }),
    handOnRole: async ({ body, principal }) => ({
      status: 201,
      body: await delegations.handOn(principal, body),
    }),
    endDelegation: async ({ path, principal }) => ({
      status: 200,
      body: await delegations.end(principal, path.id),
    }),
  };
}
