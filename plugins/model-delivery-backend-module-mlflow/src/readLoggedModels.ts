import { mapBounded } from '@slipway/backstage-plugin-model-delivery-node';
import { inBatches } from './inBatches';
import { MlflowError } from './MlflowError';
import { MlflowLoggedModel } from './mlflowSchemas';
import { MlflowTracking } from './MlflowTracking';

/** Logged models per request: each comes with everything that was ever measured of it. */
const BATCH = 25;
/** MLflow's own codes for what passes. */
const PASSING = ['TEMPORARILY_UNAVAILABLE', 'REQUEST_LIMIT_EXCEEDED'];

/** A logged model, or why there is none. */
export type LoggedModelReading =
  | { state: 'read'; model: MlflowLoggedModel }
  | { state: 'missing' }
  | { state: 'failed'; problem: string };

/** A logged model to be read, and the experiment that it is probably in. */
export interface WantedLoggedModel {
  id: string;
  experimentId?: string;
}

/** The id of the logged model that a version was made from, where it was. */
export function loggedModelOf(source: string | undefined): string | undefined {
  return /^models:\/(m-[A-Za-z0-9_-]{1,100})$/.exec(source ?? '')?.[1];
}

/**
 * Reads logged models, many at once where their experiments are known. One that cannot be read does not hold the others: of
 * a batch that fails the halves are asked for, down to the one.
 * @throws MlflowError when the server as a whole does not answer.
 */
export async function readLoggedModels(
  tracking: MlflowTracking,
  wanted: WantedLoggedModel[],
  signal?: AbortSignal,
): Promise<Map<string, LoggedModelReading>> {
  const found = new Map<string, LoggedModelReading>();
  const placed = wanted.filter(each => each.experimentId !== undefined);
  await mapBounded(inBatches(placed, BATCH), async batch => {
    for (const model of await searchApart(tracking, batch, signal)) {
      found.set(model.info.model_id, { state: 'read', model });
    }
  });
  const others = new Set(
    wanted.map(({ id }) => id).filter(id => !found.has(id)),
  );
  await mapBounded([...others], async id => {
    found.set(id, await readOne(tracking, id, signal));
  });
  return found;
}

async function searchApart(
  tracking: MlflowTracking,
  batch: WantedLoggedModel[],
  signal: AbortSignal | undefined,
): Promise<MlflowLoggedModel[]> {
  try {
    return await tracking.searchLoggedModels({
      ids: batch.map(({ id }) => id),
      experimentIds: [
        ...new Set(batch.map(({ experimentId }) => experimentId!)),
      ],
      signal,
    });
  } catch (error) {
    throwIfOfServer(error);
    if (batch.length === 1) {
      return [];
    }
    const half = Math.ceil(batch.length / 2);
    return [
      ...(await searchApart(tracking, batch.slice(0, half), signal)),
      ...(await searchApart(tracking, batch.slice(half), signal)),
    ];
  }
}

async function readOne(
  tracking: MlflowTracking,
  id: string,
  signal: AbortSignal | undefined,
): Promise<LoggedModelReading> {
  try {
    const model = await tracking.getLoggedModel(id, signal);
    return model ? { state: 'read', model } : { state: 'missing' };
  } catch (error) {
    throwIfOfServer(error);
    return { state: 'failed', problem: (error as Error).message };
  }
}

/** What concerns one answer is said of it; a server that is down or busy is asked again for everything. */
function throwIfOfServer(error: unknown) {
  if (
    !(error instanceof MlflowError) ||
    (error.trouble === 'unreachable' &&
      (error.code === undefined || PASSING.includes(error.code)))
  ) {
    throw error;
  }
}
