import {
  callRegistry,
  nextRegistryPage,
  parseRegistryAnswer,
  RegistryError,
  WalkedPage,
} from '@slipway/backstage-plugin-model-delivery-node';
import { z } from 'zod';
import { VertexConnection } from './config';
import { modelPageSchema, modelSchema, VertexModel } from './vertexSchemas';

/** The most that a list gives at once. */
const PAGE = 100;

/** Gives an access token. */
export type TokenSource = () => Promise<string>;

/**
 * The part of Vertex AI's REST API v1 that reads its model registry, and sets an alias.
 *
 * Every method throws RegistryError, whose message names the connection and its address, and no credentials.
 */
export class VertexClient {
  readonly #connection: VertexConnection;
  readonly #token: TokenSource;

  constructor(connection: VertexConnection, token: TokenSource) {
    this.#connection = connection;
    this.#token = token;
  }

  /** All models, each as its default version. */
  async listModels(options: {
    orderBy: string;
    pageToken?: string;
    signal?: AbortSignal;
  }): Promise<WalkedPage<VertexModel>> {
    return this.#list('models.list', `${this.#parent()}/models`, options);
  }

  /** The versions of a model, by its id. */
  async listVersions(
    model: string,
    options: { pageToken?: string; signal?: AbortSignal },
  ): Promise<WalkedPage<VertexModel>> {
    return this.#list(
      'models.listVersions',
      `${this.#model(model)}:listVersions`,
      options,
    );
  }

  /** Has an alias name a version, whatever it named before. */
  async mergeVersionAlias(
    model: string,
    version: string,
    alias: string,
  ): Promise<void> {
    await this.#ask(
      'models.mergeVersionAliases',
      `${this.#model(model)}@${encodeURIComponent(
        version,
      )}:mergeVersionAliases`,
      modelSchema,
      { body: { versionAliases: [alias] } },
    );
  }

  async #list(
    action: string,
    path: string,
    options: { orderBy?: string; pageToken?: string; signal?: AbortSignal },
  ): Promise<WalkedPage<VertexModel>> {
    const { orderBy, pageToken, signal } = options;
    const query = new URLSearchParams({
      pageSize: String(PAGE),
      ...(orderBy && { orderBy }),
      ...(pageToken && { pageToken }),
    });
    const { models, nextPageToken } = await this.#ask(
      action,
      `${path}?${query}`,
      modelPageSchema,
      { signal },
    );
    return {
      items: models,
      nextPageToken: nextRegistryPage(nextPageToken, {
        service: this.#about(),
        pageToken,
      }),
    };
  }

  async #ask<T extends z.ZodType>(
    action: string,
    path: string,
    schema: T,
    { body, signal }: { body?: object; signal?: AbortSignal },
  ): Promise<z.infer<T>> {
    const { endpoint, timeoutMs, attempts } = this.#connection;
    const answer = await callRegistry({
      service: this.#about(),
      action,
      url: `${endpoint}/v1/${path}`,
      attempts,
      timeoutMs,
      signal,
      headers: {
        authorization: `Bearer ${await this.#authorize()}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    return parseRegistryAnswer(answer, schema, {
      service: this.#about(),
      action,
    });
  }

  async #authorize(): Promise<string> {
    try {
      return await this.#token();
    } catch {
      // What the library says can quote the key
      throw new RegistryError(
        'refused',
        `${this.#about()} got no access token; check keyFile, or the credentials of the environment`,
      );
    }
  }

  #parent(): string {
    const { project, location } = this.#connection;
    return `projects/${project}/locations/${location}`;
  }

  #model(model: string): string {
    return `${this.#parent()}/models/${encodeURIComponent(model)}`;
  }

  #about(): string {
    const { id, endpoint } = this.#connection;
    return `Vertex AI connection '${id}' (${endpoint})`;
  }
}
