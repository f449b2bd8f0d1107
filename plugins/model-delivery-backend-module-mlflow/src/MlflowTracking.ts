import { z } from 'zod';
import {
  endedRunPageSchema,
  experimentPageSchema,
  loggedModelPageSchema,
  loggedModelSchema,
  metricHistorySchema,
  runsSchema,
  traceCountSchema,
  wholeRunSchema,
  MlflowEndedRun,
  MlflowLoggedModel,
  MlflowMetricPoint,
  MlflowRun,
  MlflowWholeRun,
} from './mlflowSchemas';
import { MlflowPage, MlflowServer, pageTokenOf } from './MlflowServer';

/** Experiments per request: the most that servers like MLflow's allow. */
const EXPERIMENTS_PAGE = 1_000;

/**
 * The part of MLflow's REST API that reads what is behind the versions of a registry: runs, logged models, how metrics went
 * and how many traces there are.
 *
 * Every method throws MlflowError, whose message names the connection and its address, and no credentials.
 */
export class MlflowTracking {
  readonly #server: MlflowServer;

  constructor(server: MlflowServer) {
    this.#server = server;
  }

  /** A run with its parameters, last metrics, tags, data sets and models, or `undefined` when it was deleted for good. */
  async getRun(
    runId: string,
    signal?: AbortSignal,
  ): Promise<MlflowWholeRun | undefined> {
    const answer = await this.#server.find({
      path: 'runs/get',
      query: [['run_id', runId]],
      schema: z.object({ run: wholeRunSchema }),
      signal,
    });
    return answer?.run;
  }

  /**
   * Those of the runs that are in the experiments, deleted ones among them as `getRun` tells them too. MLflow knows such a
   * search since 1.30.
   */
  async searchRuns(options: {
    ids: string[];
    experimentIds: string[];
    signal?: AbortSignal;
  }): Promise<MlflowRun[]> {
    const { runs } = await this.#server.ask({
      path: 'runs/search',
      body: {
        experiment_ids: options.experimentIds,
        filter: anyOf('attributes.run_id', options.ids),
        run_view_type: 'ALL',
        max_results: options.ids.length,
      },
      schema: runsSchema,
      signal: options.signal,
    });
    return runs;
  }

  /**
   * Runs that ended, by the time when they did.
   * @param endedAfter - Milliseconds since 1970
   */
  async searchEndedRuns(options: {
    experimentIds: string[];
    endedAfter: number;
    newestFirst: boolean;
    maxResults: number;
    pageToken?: string;
    signal?: AbortSignal;
  }): Promise<MlflowPage<MlflowEndedRun>> {
    const page = await this.#server.ask({
      path: 'runs/search',
      body: {
        experiment_ids: options.experimentIds,
        filter: `attributes.end_time > ${options.endedAfter}`,
        order_by: [
          `attributes.end_time ${options.newestFirst ? 'DESC' : 'ASC'}`,
        ],
        max_results: options.maxResults,
        ...(options.pageToken && { page_token: options.pageToken }),
      },
      schema: endedRunPageSchema,
      signal: options.signal,
    });
    return {
      items: page.runs.map(({ info }) => info),
      nextPageToken: this.#server.nextPage(
        options.pageToken,
        page.next_page_token,
      ),
    };
  }

  /** Ids of experiments, at most so many: those that changed last, first. */
  async searchExperiments(
    maxResults: number,
    signal?: AbortSignal,
  ): Promise<string[]> {
    const ids: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await this.#server.ask({
        path: 'experiments/search',
        query: [
          ['max_results', String(Math.min(maxResults, EXPERIMENTS_PAGE))],
          ['order_by', 'last_update_time DESC'],
          ...pageTokenOf(pageToken),
        ],
        schema: experimentPageSchema,
        signal,
      });
      ids.push(...page.experiments.map(each => each.experiment_id));
      pageToken = this.#server.nextPage(pageToken, page.next_page_token);
    } while (pageToken && ids.length < maxResults);
    return ids.slice(0, maxResults);
  }

  /** A logged model, or `undefined` when there is none, or none any more. */
  async getLoggedModel(
    id: string,
    signal?: AbortSignal,
  ): Promise<MlflowLoggedModel | undefined> {
    const answer = await this.#server.find({
      path: `logged-models/${encodeURIComponent(id)}`,
      schema: z.object({ model: loggedModelSchema }),
      signal,
    });
    return answer?.model;
  }

  /** Those of the logged models that are in the experiments. */
  async searchLoggedModels(options: {
    ids: string[];
    experimentIds: string[];
    signal?: AbortSignal;
  }): Promise<MlflowLoggedModel[]> {
    const { models } = await this.#server.ask({
      path: 'logged-models/search',
      body: {
        experiment_ids: options.experimentIds,
        filter: anyOf('model_id', options.ids),
        max_results: options.ids.length,
      },
      schema: loggedModelPageSchema,
      signal: options.signal,
    });
    return models;
  }

  /** How many traces a logged model left in the experiments; `undefined` where the server cannot count them. */
  async countTraces(options: {
    loggedModelId: string;
    experimentIds: string[];
    signal?: AbortSignal;
  }): Promise<number | undefined> {
    const answer = await this.#server.find({
      api: '3.0',
      path: 'traces/metrics',
      body: {
        experiment_ids: options.experimentIds,
        view_type: 'TRACES',
        metric_name: 'trace_count',
        aggregations: [{ aggregation_type: 'COUNT' }],
        filters: [
          `trace.metadata.\`mlflow.modelId\` = '${options.loggedModelId}'`,
        ],
      },
      schema: traceCountSchema,
      signal: options.signal,
    });
    return answer?.data_points.reduce(
      (sum, { values }) => sum + values.COUNT,
      0,
    );
  }

  /** The values of one metric of a run in the order of their time; nothing of a run that was deleted for good. */
  async getMetricHistory(options: {
    runId: string;
    metric: string;
    maxResults: number;
    pageToken?: string;
    signal?: AbortSignal;
  }): Promise<MlflowPage<MlflowMetricPoint>> {
    const page = await this.#server.find({
      path: 'metrics/get-history',
      query: [
        ['run_id', options.runId],
        ['metric_key', options.metric],
        ['max_results', String(options.maxResults)],
        ...pageTokenOf(options.pageToken),
      ],
      schema: metricHistorySchema,
      signal: options.signal,
    });
    return {
      items: page?.metrics ?? [],
      nextPageToken: this.#server.nextPage(
        options.pageToken,
        page?.next_page_token,
      ),
    };
  }

  /** Some of the values of one metric of a run, spread over its steps by the server; the first and the last are among them. */
  async sampleMetricHistory(options: {
    runId: string;
    metric: string;
    maxResults: number;
    signal?: AbortSignal;
  }): Promise<MlflowMetricPoint[]> {
    const { metrics } = await this.#server.ask({
      path: 'metrics/get-history-bulk-interval',
      query: [
        ['run_ids', options.runId],
        ['metric_key', options.metric],
        ['max_results', String(options.maxResults)],
      ],
      schema: metricHistorySchema,
      signal: options.signal,
    });
    return metrics;
  }
}

/** A filter; the values need no quotes to be escaped. */
function anyOf(attribute: string, values: string[]): string {
  return `${attribute} IN (${values.map(value => `'${value}'`).join(', ')})`;
}
