import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { ReleaseQuestions } from './ReleaseQuestions';

/** Tells people what other tools asked. */
export function createHookHandlers(
  questions: ReleaseQuestions,
): Pick<Handlers, 'listReleaseQuestions'> {
  return {
    listReleaseQuestions: async ({ path, query, principal }) => ({
      status: 200,
      body: await questions.list(principal, modelRefOf(path), {
        cursor: query.cursor,
        limit: query.limit ?? 50,
      }),
    }),
  };
}
