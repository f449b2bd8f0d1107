import { MetricHistories as Histories } from '@slipway/backstage-plugin-model-delivery-common';
import {
  RegistryMetricHistory,
  sampleMetricPoints,
} from '@slipway/backstage-plugin-model-delivery-node';
import { Principal } from '../access/principal';
import { AskBriefly, AskedRegistry } from './AskedRegistry';
import { checkMetricHistories } from './registryChanges';

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
  readonly #asked: AskedRegistry;
  readonly #ask: AskBriefly<RegistryMetricHistory[]>;

  constructor(asked: AskedRegistry) {
    this.#asked = asked;
    this.#ask = asked.briefly(MOST_KEPT);
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
    const found = await this.#asked.find(principal, modelRef, versionName);
    if (!found) {
      return { state: 'not-in-registry', items: [] };
    }
    const { registry, of, key } = found;
    if (!registry.readMetricHistory) {
      return { state: 'not-kept', items: [] };
    }
    const { model, version, runId } = of;
    const histories = await this.#ask(
      registry,
      JSON.stringify([key, query]),
      async signal =>
        checkMetricHistories(
          await registry.readMetricHistory!({
            model,
            version,
            runId,
            metrics: query.metrics,
            maxPoints: query.points,
            signal,
          }),
        ).map(history => ({
          ...history,
          points: sampleMetricPoints(history.points, query.points),
        })),
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
}
