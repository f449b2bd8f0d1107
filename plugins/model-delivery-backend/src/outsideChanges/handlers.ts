import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { OutsideChangesService } from './OutsideChangesService';

/** Answers the operations on changes that were made without Slipway. */
export function createOutsideChangeHandlers(
  changes: OutsideChangesService,
): Pick<
  Handlers,
  'listOutsideChanges' | 'revertOutsideChange' | 'adoptOutsideChange'
> {
  return {
    listOutsideChanges: async ({ path, query, principal }) => ({
      status: 200,
      body: await changes.list(principal, modelRefOf(path), {
        limit: query.limit ?? 50,
        cursor: query.cursor,
      }),
    }),
    revertOutsideChange: async ({ path, body, principal }) => ({
      status: 200,
      body: await changes.revert(
        principal,
        modelRefOf(path),
        path.changeId,
        body.reason,
      ),
    }),
    adoptOutsideChange: async ({ path, principal }) => ({
      status: 200,
      body: await changes.adopt(principal, modelRefOf(path), path.changeId),
    }),
  };
}
