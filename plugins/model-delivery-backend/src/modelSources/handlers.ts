import { Handlers } from '../http/operations';
import { ModelSourcesService } from './ModelSourcesService';

/** Answers the operations on sources of models. */
export function createModelSourceHandlers(
  sources: ModelSourcesService,
): Pick<Handlers, 'listModelSources' | 'reportModelSource'> {
  return {
    listModelSources: async ({ principal }) => ({
      status: 200,
      body: await sources.list(principal),
    }),
    reportModelSource: async ({ path, body, principal }) => {
      await sources.report(principal, path.id, body);
      return { status: 200, body: { id: path.id } };
    },
  };
}
