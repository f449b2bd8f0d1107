import { mapBounded } from '@slipway/backstage-plugin-model-delivery-node';
import { inBatches } from './inBatches';
import { MlflowError } from './MlflowError';
import { MlflowRun } from './mlflowSchemas';
import { MlflowTracking } from './MlflowTracking';

/** Runs per search: an answer has all parameters, metrics and tags of each. */
const BATCH = 50;
/** Experiments that are searched: those in which runs were found last. */
const MOST_EXPERIMENTS = 1_000;
/** What can stand in a filter as it is. */
const PLAIN = /^[A-Za-z0-9_-]{1,100}$/;

/**
 * Reads the runs behind versions. A search tells many at once, but only of experiments that are named, and a version does not
 * say which one its run is in: so those are searched where runs were found before, and what is not there is read one by one.
 */
export class RunReader {
  readonly #tracking: MlflowTracking;
  readonly #warn: (message: string) => void;
  /** Where runs were found; the last one last. */
  readonly #experiments = new Set<string>();
  #maySearch = true;

  /** @param warn - told when the server does not let runs be searched */
  constructor(tracking: MlflowTracking, warn: (message: string) => void) {
    this.#tracking = tracking;
    this.#warn = warn;
  }

  /** Tries searches again on a server where they failed. */
  tryAgain() {
    this.#maySearch = true;
  }

  /** The runs by id; `undefined` for one that was deleted for good. */
  async read(
    ids: string[],
    signal?: AbortSignal,
  ): Promise<Map<string, MlflowRun | undefined>> {
    const runs = new Map<string, MlflowRun | undefined>();
    const keep = (id: string, run: MlflowRun | undefined) => {
      runs.set(id, run);
      this.#remember(run?.info.experiment_id);
    };
    const readOne = async (id: string) =>
      keep(id, await this.#tracking.getRun(id, signal));
    const wanted = [...new Set(ids)];
    const unread = () => wanted.filter(id => !runs.has(id));
    if (this.#experiments.size === 0) {
      // Most of the others are where the first one is
      await mapBounded(wanted.slice(0, 1), readOne);
    }
    const failure = await this.#search(unread(), keep, signal);
    await mapBounded(unread(), readOne);
    // One by one they could be read: so it is searching that this server does not do
    if (failure && this.#maySearch) {
      this.#maySearch = false;
      this.#warn(
        `Runs are read one by one until everything is read again: ${failure.message}`,
      );
    }
    return runs;
  }

  /** Keeps what searches find, and gives back why one of them failed. */
  async #search(
    ids: string[],
    keep: (id: string, run: MlflowRun) => void,
    signal: AbortSignal | undefined,
  ): Promise<MlflowError | undefined> {
    const plain = ids.filter(id => PLAIN.test(id));
    if (!this.#maySearch || plain.length < 2 || this.#experiments.size === 0) {
      return undefined;
    }
    const experimentIds = [...this.#experiments];
    const failures = await mapBounded(inBatches(plain, BATCH), async batch => {
      try {
        const found = await this.#tracking.searchRuns({
          ids: batch,
          experimentIds,
          signal,
        });
        found
          .filter(({ info }) => batch.includes(info.run_id))
          .forEach(run => keep(run.info.run_id, run));
      } catch (error) {
        if (error instanceof MlflowError) {
          return error;
        }
        throw error;
      }
      return undefined;
    });
    return failures.find(failure => failure !== undefined);
  }

  #remember(experimentId: string | undefined) {
    if (experimentId === undefined) {
      return;
    }
    this.#experiments.delete(experimentId);
    this.#experiments.add(experimentId);
    if (this.#experiments.size > MOST_EXPERIMENTS) {
      const [oldest] = this.#experiments;
      this.#experiments.delete(oldest);
    }
  }
}
