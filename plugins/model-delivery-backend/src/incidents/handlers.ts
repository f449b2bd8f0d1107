import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { IncidentsService } from './IncidentsService';

/** Answers the operations on incidents. */
export function createIncidentHandlers(
  incidents: IncidentsService,
): Pick<Handlers, 'listIncidents' | 'reportIncident'> {
  return {
    listIncidents: async ({ path, query, principal }) => ({
      status: 200,
      body: await incidents.list(principal, modelRefOf(path), {
        limit: query.limit ?? 50,
        cursor: query.cursor,
      }),
    }),
    reportIncident: async ({ path, body, principal }) => {
      const { incident, created } = await incidents.report(
        principal,
        modelRefOf(path),
        path.incidentId,
        body,
      );
      return { status: created ? 201 : 200, body: incident };
    },
  };
}
