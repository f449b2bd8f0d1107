import { RegistryTraces } from '@slipway/backstage-plugin-model-delivery-node';
import { MlflowError } from './MlflowError';
import { MlflowTracking } from './MlflowTracking';
import { loggedModelUrl } from './VersionCompletion';

/** Experiments whose traces are counted: those that changed last, and the logged model's own. */
const MOST_EXPERIMENTS = 1_000;

/**
 * Counts the traces of a logged model; none where it is not there any more.
 * @returns undefined where the server cannot count them, as older ones cannot
 */
export async function readTraces(
  tracking: MlflowTracking,
  options: { loggedModelId: string; publicUrl: string; signal?: AbortSignal },
): Promise<RegistryTraces | undefined> {
  const { loggedModelId, publicUrl, signal } = options;
  const model = await tracking.getLoggedModel(loggedModelId, signal);
  if (!model) {
    return { count: 0 };
  }
  const experimentIds = await tracking.searchExperiments(
    MOST_EXPERIMENTS,
    signal,
  );
  try {
    const count = await tracking.countTraces({
      loggedModelId,
      experimentIds: [...new Set([model.info.experiment_id, ...experimentIds])],
      signal,
    });
    return count === undefined
      ? undefined
      : { count, url: `${loggedModelUrl(publicUrl, model)}/traces` };
  } catch (error) {
    if (
      error instanceof MlflowError &&
      ['malformed', 'rejected'].includes(error.trouble)
    ) {
      return undefined;
    }
    throw error;
  }
}
