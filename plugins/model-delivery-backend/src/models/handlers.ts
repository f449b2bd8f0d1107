import { Handlers } from '../http/operations';
import { ModelDetails } from './ModelDetails';
import { modelRefOf } from './ModelRecord';
import { ModelsService } from './ModelsService';

/** Answers the operations on models. */
export function createModelHandlers(
  models: ModelsService,
  details: ModelDetails,
): Pick<Handlers, 'listModels' | 'getModel'> {
  return {
    listModels: async ({ query, principal }) => ({
      status: 200,
      body: await models.list(principal, query),
    }),
    getModel: async ({ path, principal }) => ({
      status: 200,
      body: await details.get(principal, modelRefOf(path)),
    }),
  };
}
