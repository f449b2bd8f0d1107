import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { ReleaseVerdictService } from './ReleaseVerdictService';

/** Answers those outside who ask whether a version may go on. */
export function createVerdictHandlers(
  verdicts: ReleaseVerdictService,
): Pick<Handlers, 'getReleaseVerdict'> {
  return {
    getReleaseVerdict: async ({ path, query, principal }) => ({
      status: 200,
      body: await verdicts.of(
        principal,
        modelRefOf(path),
        path.version,
        query.environment,
      ),
    }),
  };
}
