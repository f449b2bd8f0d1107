import { mapBounded } from '@slipway/backstage-plugin-model-delivery-node';
import { MlflowError } from './MlflowError';
import { MlflowEndedRun } from './mlflowSchemas';
import { MlflowTracking } from './MlflowTracking';
import { readLoggedModels } from './readLoggedModels';
import { asRecord, readVersionsTag } from './tags';

/** Runs per request; MLflow tells all of each of them. */
const PAGE = 100;
/** Runs that are looked into in one reading, and whatever else is on their page; the next reading goes on. */
const MOST_RUNS = 500;
/** Experiments whose runs are looked at: those that changed last. */
const MOST_EXPERIMENTS = 5_000;
/** How far a look goes back behind the newest end that it knows: it is told by the clock of whoever ran it. */
const OVERLAP_MS = 10 * 60_000;

/** Versions that may have been measured, by runs that ended up to a moment. */
export interface MeasuredVersions {
  versions: { name: string; version: string }[];
  /** Milliseconds since 1970. */
  until: number;
  /** Takes the runs for seen. */
  commit(): void;
}

/**
 * Which versions were measured lately. MLflow keeps no time at which a logged model was measured last, but the runs that
 * measure say when they ended and which logged models they read or made. A run that never ends is not found here. Where the
 * server does not let one look, that is warned of, and versions are read all the same.
 */
export class EndedRuns {
  readonly #tracking: MlflowTracking;
  readonly #now: () => number;
  readonly #warn: (message: string) => void;
  #warned?: string;
  /** Runs within the overlap that were looked into, and when they had ended then. */
  readonly #seen = new Map<string, number>();

  constructor(
    tracking: MlflowTracking,
    options: { now: () => number; warn: (message: string) => void },
  ) {
    this.#tracking = tracking;
    this.#now = options.now;
    this.#warn = options.warn;
  }

  /** Forgets what was looked into. */
  forget() {
    this.#seen.clear();
  }

  /**
   * When the last run ended, and not later than now; 0 before the first, undefined where one may not look. Milliseconds since
   * 1970.
   */
  async newest(signal?: AbortSignal): Promise<number | undefined> {
    return this.#ifAllowed(async () => {
      const experimentIds = await this.#experiments(signal);
      if (experimentIds.length === 0) {
        return 0;
      }
      const { items } = await this.#tracking.searchEndedRuns({
        experimentIds,
        endedAfter: 0,
        newestFirst: true,
        maxResults: 1,
        signal,
      });
      return items.length ? this.#past(items[0].end_time) : 0;
    });
  }

  /** Looks into the runs that ended since a moment, those first that ended first. */
  async *since(
    time: number,
    signal?: AbortSignal,
  ): AsyncGenerator<MeasuredVersions> {
    const experimentIds =
      (await this.#ifAllowed(() => this.#experiments(signal))) ?? [];
    let pageToken: string | undefined;
    let until = time;
    let looked = 0;
    while (experimentIds.length > 0) {
      const from = pageToken;
      const page = await this.#ifAllowed(() =>
        this.#tracking.searchEndedRuns({
          experimentIds,
          endedAfter: Math.max(0, time - OVERLAP_MS),
          newestFirst: false,
          maxResults: PAGE,
          pageToken: from,
          signal,
        }),
      );
      if (!page) {
        break;
      }
      const unseen = page.items.filter(
        run => this.#seen.get(run.run_id) !== run.end_time,
      );
      if (unseen.length > 0) {
        looked += unseen.length;
        until = Math.max(until, this.#past(unseen.at(-1)!.end_time));
        yield {
          versions: await this.#versionsOf(unseen, signal),
          until,
          commit: () => unseen.forEach(run => this.#see(run)),
        };
      }
      pageToken = page.nextPageToken;
      if (!pageToken || looked >= MOST_RUNS) {
        break;
      }
    }
    for (const [runId, end] of this.#seen) {
      if (end < until - OVERLAP_MS) {
        this.#seen.delete(runId);
      }
    }
  }

  /** What a server that is there refuses or cannot do is no reason not to read its versions. */
  async #ifAllowed<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof MlflowError) || error.trouble === 'unreachable') {
        throw error;
      }
      if (error.message !== this.#warned) {
        this.#warned = error.message;
        this.#warn(
          `Later evaluations are not looked for until everything is read again: ${error.message}`,
        );
      }
      return undefined;
    }
  }

  #experiments(signal?: AbortSignal): Promise<string[]> {
    return this.#tracking.searchExperiments(MOST_EXPERIMENTS, signal);
  }

  /** A clock that is ahead must not hide the runs of others. */
  #past(time: number): number {
    return Math.min(time, this.#now());
  }

  #see(run: MlflowEndedRun) {
    this.#seen.set(run.run_id, run.end_time);
  }

  async #versionsOf(
    ended: MlflowEndedRun[],
    signal?: AbortSignal,
  ): Promise<{ name: string; version: string }[]> {
    const runs = await mapBounded(ended, ({ run_id }) =>
      this.#ifAllowed(() => this.#tracking.getRun(run_id, signal)),
    );
    const wanted = new Map(
      runs.flatMap(run =>
        [
          ...(run?.inputs.model_inputs ?? []),
          ...(run?.outputs.model_outputs ?? []),
        ].map(({ model_id: id }) => [
          id,
          { id, experimentId: run?.info.experiment_id },
        ]),
      ),
    );
    const logged = await readLoggedModels(
      this.#tracking,
      [...wanted.values()],
      signal,
    );
    const versions = [...logged.values()].flatMap(reading =>
      reading.state === 'read'
        ? readVersionsTag(asRecord(reading.model.info.tags))
        : [],
    );
    return [
      ...new Map(
        versions.map(each => [JSON.stringify(Object.values(each)), each]),
      ).values(),
    ];
  }
}
