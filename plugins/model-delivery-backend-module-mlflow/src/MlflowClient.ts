import { z } from 'zod';
import {
  modelVersionPageSchema,
  modelVersionSchema,
  registeredModelPageSchema,
  registeredModelSchema,
  MlflowModelVersion,
  MlflowRegisteredModel,
} from './mlflowSchemas';
import { MlflowPage, MlflowServer, pageTokenOf } from './MlflowServer';

/**
 * The part of MLflow's REST API 2.0 that reads a model registry, and sets an alias.
 *
 * Every method throws MlflowError, whose message names the connection and its address, and no credentials.
 */
export class MlflowClient {
  readonly #server: MlflowServer;

  constructor(server: MlflowServer) {
    this.#server = server;
  }

  /**
   * Versions of all registered models.
   * @param orderBy - Such as `last_updated_timestamp DESC`
   * @param maxResults - 1 to 1,000
   */
  async searchModelVersions(options: {
    orderBy: string[];
    maxResults: number;
    pageToken?: string;
    signal?: AbortSignal;
  }): Promise<MlflowPage<MlflowModelVersion>> {
    const page = await this.#server.ask({
      path: 'model-versions/search',
      query: [
        ['max_results', String(options.maxResults)],
        ...options.orderBy.map((key): [string, string] => ['order_by', key]),
        ...pageTokenOf(options.pageToken),
      ],
      schema: modelVersionPageSchema,
      signal: options.signal,
    });
    return {
      items: page.model_versions,
      nextPageToken: this.#server.nextPage(
        options.pageToken,
        page.next_page_token,
      ),
    };
  }

  /** One version, or `undefined` when there is none. */
  async getModelVersion(
    name: string,
    version: string,
    signal?: AbortSignal,
  ): Promise<MlflowModelVersion | undefined> {
    const answer = await this.#server.find({
      path: 'model-versions/get',
      query: [
        ['name', name],
        ['version', version],
      ],
      schema: z.object({ model_version: modelVersionSchema }),
      signal,
    });
    return answer?.model_version;
  }

  /** All registered models, page by page, with their aliases. */
  async searchRegisteredModels(options: {
    maxResults: number;
    pageToken?: string;
    signal?: AbortSignal;
  }): Promise<MlflowPage<MlflowRegisteredModel>> {
    const page = await this.#server.ask({
      path: 'registered-models/search',
      query: [
        ['max_results', String(options.maxResults)],
        ['order_by', 'name ASC'],
        ...pageTokenOf(options.pageToken),
      ],
      schema: registeredModelPageSchema,
      signal: options.signal,
    });
    return {
      items: page.registered_models,
      nextPageToken: this.#server.nextPage(
        options.pageToken,
        page.next_page_token,
      ),
    };
  }

  /** One registered model with its aliases, or `undefined` when there is none. */
  async getRegisteredModel(
    name: string,
    signal?: AbortSignal,
  ): Promise<MlflowRegisteredModel | undefined> {
    const answer = await this.#server.find({
      path: 'registered-models/get',
      query: [['name', name]],
      schema: z.object({ registered_model: registeredModelSchema }),
      signal,
    });
    return answer?.registered_model;
  }

  /** Has an alias of a registered model name a version, whatever it named before. */
  async setAlias(alias: {
    name: string;
    alias: string;
    version: string;
  }): Promise<void> {
    await this.#server.ask({
      path: 'registered-models/alias',
      body: alias,
      schema: z.object({}),
    });
  }
}
