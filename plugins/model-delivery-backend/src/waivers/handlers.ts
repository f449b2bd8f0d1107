import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { WaiversService } from './WaiversService';
import { WaiverViews } from './WaiverViews';

/** Answers the operations on waivers. */
export function createWaiverHandlers(
  waivers: WaiversService,
  views: WaiverViews,
): Pick<
  Handlers,
  | 'listWaivers'
  | 'askForWaiver'
  | 'listWaiversToDecide'
  | 'getWaiver'
  | 'decideOnWaiver'
  | 'endWaiver'
> {
  return {
    listWaivers: async ({ path, query, principal }) => {
      const { cursor, limit = 50, ...filter } = query;
      return {
        status: 200,
        body: await views.list(principal, modelRefOf(path), filter, {
          cursor,
          limit,
        }),
      };
    },
    askForWaiver: async ({ path, body, principal }) => {
      const id = await waivers.ask(principal, modelRefOf(path), body);
      return { status: 201, body: await views.get(principal, id) };
    },
    listWaiversToDecide: async ({ query, principal }) => ({
      status: 200,
      body: await views.listToDecide(principal, {
        cursor: query.cursor,
        limit: query.limit ?? 50,
      }),
    }),
    getWaiver: async ({ path, principal }) => ({
      status: 200,
      body: await views.get(principal, path.id),
    }),
    decideOnWaiver: async ({ path, body, principal }) => {
      await waivers.decide(principal, path.id, body);
      return { status: 200, body: await views.get(principal, path.id) };
    },
    endWaiver: async ({ path, body, principal }) => {
      await waivers.end(principal, path.id, body.reason);
      return { status: 200, body: await views.get(principal, path.id) };
    },
  };
}
