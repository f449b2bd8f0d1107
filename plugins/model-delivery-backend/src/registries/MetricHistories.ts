import { ServiceUnavailableError } from '@backstage/errors';
import { MetricHistories as Histories } from '@slipway/backstage-plugin-model-delivery-common';
import {
  ModelRegistry,
  RegistryMetricHistory,
  sampleMetricPoints,
} from '@slipway/backstage-plugin-model-delivery-node';
import { Principal } from '../access/principal';
import { BriefCache } from '../BriefCache';
import { EngineContext } from '../context';
import { ModelsService } from '../models/ModelsService';
import { VersionsService } from '../versions/VersionsService';
import { checkMetricHistories } from './registryChanges';

/** How long somebody who looks at a page waits for a registry, in milliseconds. */
const PATIENCE_MS = 10_000;
/** How long a history is given out before it is read again, in milliseconds: of a version that trains, it grows. */
const KEEP_MS = 30_000;
/** Histories kept at once; one has up to 8,000 points. */
const MOST_KEPT = 100;

/** What is asked of a version's metrics. */
export interface HistoryQuery {
  /** Names of metrics in the registry. */
  metrics: string[];
  /** At most so many points of each. */
  points: number;
}

/** Tells how the metrics of a version went while it was trained, as its registry tells it now. */
export class MetricHistories {
  readonly #context: EngineContext;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #kept: BriefCache<RegistryMetricHistory[]>;

  constructor(
    context: EngineContext,
    services: { models: ModelsService; versions: VersionsService },
  ) {
    this.#context = context;
    this.#models = services.models;
    this.#versions = services.versions;
    this.#kept = new BriefCache({
      keepMs: KEEP_MS,
      most: MOST_KEPT,
      now: () => context.work.now().getTime(),
    });
  }

  /**
   * The histories, or why there are none.
   * @throws NotFoundError, NotAllowedError; ServiceUnavailableError when the registry does not answer, or nonsense.
   */
  async read(
    principal: Principal,
    modelRef: string,
    versionName: string,
    query: HistoryQuery,
  ): Promise<Histories> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const told = await this.#versions.inRegistry(model, versionName);
    const { registry: named } = model;
    const registry = this.#context.registries.find(
      ({ type, id }) => type === named?.type && id === named.id,
    );
    if (!named || !registry || !told) {
      return { state: 'not-in-registry', items: [] };
    }
    if (!registry.readMetricHistory) {
      return { state: 'not-kept', items: [] };
    }
    const of = { model: named.model, version: told.version, runId: told.runId };
    const histories = await this.#kept.get(
      JSON.stringify([named.type, named.id, of, query]),
      () => this.#ask(registry, of, query),
    );
    return {
      state: 'read',
      items: histories.map(({ metric, points, sampled }) => ({
        metric,
        sampled,
        points: points.map(({ step, at, value }) => ({
          step,
          at: at.toISOString(),
          value: Number.isFinite(value) ? value : null,
        })),
      })),
    };
  }

  async #ask(
    registry: ModelRegistry,
    of: { model: string; version: string; runId?: string },
    query: HistoryQuery,
  ): Promise<RegistryMetricHistory[]> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      const answer = checkMetricHistories(
        await registry.readMetricHistory!({
          ...of,
          metrics: query.metrics,
          maxPoints: query.points,
          signal,
        }),
      );
      return answer.map(history => ({
        ...history,
        points: sampleMetricPoints(history.points, query.points),
      }));
    } catch (error) {
      throw new ServiceUnavailableError(
        signal.aborted
          ? `The registry ${registry.type}://${
              registry.id
            } did not answer within ${PATIENCE_MS / 1_000} s; try again later`
          : `The registry ${registry.type}://${
              registry.id
            } could not be asked: ${
              error instanceof Error ? error.message : String(error)
            }`,
      );
    }
  }
}
