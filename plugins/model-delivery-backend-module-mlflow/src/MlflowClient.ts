import { isError } from '@backstage/errors';
import { z } from 'zod';
import { MlflowConnection, MlflowCredentials } from './config';
import { MlflowError } from './MlflowError';
import {
  metricHistorySchema,
  modelVersionPageSchema,
  modelVersionSchema,
  registeredModelPageSchema,
  registeredModelSchema,
  runSchema,
  MlflowMetricPoint,
  MlflowModelVersion,
  MlflowRegisteredModel,
  MlflowRun,
} from './mlflowSchemas';

/** No answer that we ask for comes near it; a broken or hostile server must not fill the memory. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** One page of a list. */
export interface MlflowPage<T> {
  items: T[];
  /** Absent on the last page. */
  nextPageToken?: string;
}

/**
 * The part of MLflow's REST API 2.0 that reads a model registry and the runs behind it, and sets an alias.
 *
 * Every method throws MlflowError, whose message names the connection and its address, and no credentials.
 */
export class MlflowClient {
  readonly #connection: MlflowConnection;

  constructor(connection: MlflowConnection) {
    this.#connection = connection;
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
    const page = await this.#get(
      'model-versions/search',
      [
        ['max_results', String(options.maxResults)],
        ...options.orderBy.map((key): [string, string] => ['order_by', key]),
        ...pageTokenOf(options.pageToken),
      ],
      modelVersionPageSchema,
      options.signal,
    );
    return {
      items: page.model_versions,
      nextPageToken: this.#nextPage(options.pageToken, page.next_page_token),
    };
  }

  /** One version, or `undefined` when there is none. */
  async getModelVersion(
    name: string,
    version: string,
    signal?: AbortSignal,
  ): Promise<MlflowModelVersion | undefined> {
    const answer = await absentAsUndefined(
      this.#get(
        'model-versions/get',
        [
          ['name', name],
          ['version', version],
        ],
        z.object({ model_version: modelVersionSchema }),
        signal,
      ),
    );
    return answer?.model_version;
  }

  /** All registered models, page by page, with their aliases. */
  async searchRegisteredModels(options: {
    maxResults: number;
    pageToken?: string;
    signal?: AbortSignal;
  }): Promise<MlflowPage<MlflowRegisteredModel>> {
    const page = await this.#get(
      'registered-models/search',
      [
        ['max_results', String(options.maxResults)],
        ['order_by', 'name ASC'],
        ...pageTokenOf(options.pageToken),
      ],
      registeredModelPageSchema,
      options.signal,
    );
    return {
      items: page.registered_models,
      nextPageToken: this.#nextPage(options.pageToken, page.next_page_token),
    };
  }

  /** One registered model with its aliases, or `undefined` when there is none. */
  async getRegisteredModel(
    name: string,
    signal?: AbortSignal,
  ): Promise<MlflowRegisteredModel | undefined> {
    const answer = await absentAsUndefined(
      this.#get(
        'registered-models/get',
        [['name', name]],
        z.object({ registered_model: registeredModelSchema }),
        signal,
      ),
    );
    return answer?.registered_model;
  }

  /** Has an alias of a registered model name a version, whatever it named before. */
  async setAlias(alias: {
    name: string;
    alias: string;
    version: string;
  }): Promise<void> {
    await this.#request('registered-models/alias', [], z.object({}), {
      body: alias,
    });
  }

  /** A run with its parameters, last metrics, tags and data sets, or `undefined` when it was deleted for good. */
  async getRun(
    runId: string,
    signal?: AbortSignal,
  ): Promise<MlflowRun | undefined> {
    const answer = await absentAsUndefined(
      this.#get(
        'runs/get',
        [['run_id', runId]],
        z.object({ run: runSchema }),
        signal,
      ),
    );
    return answer?.run;
  }

  /** The values of one metric of a run in the order of their time; nothing of a run that was deleted for good. */
  async getMetricHistory(options: {
    runId: string;
    metric: string;
    maxResults: number;
    pageToken?: string;
    signal?: AbortSignal;
  }): Promise<MlflowPage<MlflowMetricPoint>> {
    const page = await absentAsUndefined(
      this.#get(
        'metrics/get-history',
        [
          ['run_id', options.runId],
          ['metric_key', options.metric],
          ['max_results', String(options.maxResults)],
          ...pageTokenOf(options.pageToken),
        ],
        metricHistorySchema,
        options.signal,
      ),
    );
    return {
      items: page?.metrics ?? [],
      nextPageToken: this.#nextPage(options.pageToken, page?.next_page_token),
    };
  }

  /** Some of the values of one metric of a run, spread over its steps by the server; the first and the last are among them. */
  async sampleMetricHistory(options: {
    runId: string;
    metric: string;
    maxResults: number;
    signal?: AbortSignal;
  }): Promise<MlflowMetricPoint[]> {
    const { metrics } = await this.#get(
      'metrics/get-history-bulk-interval',
      [
        ['run_ids', options.runId],
        ['metric_key', options.metric],
        ['max_results', String(options.maxResults)],
      ],
      metricHistorySchema,
      options.signal,
    );
    return metrics;
  }

  #nextPage(current: string | undefined, next: string | undefined) {
    if (next && next === current) {
      throw this.#error(
        'malformed',
        'answered with the page token that it was asked with, which would never end',
      );
    }
    return next || undefined;
  }

  #get<T extends z.ZodType>(
    path: string,
    query: [string, string][],
    schema: T,
    signal?: AbortSignal,
  ): Promise<z.infer<T>> {
    return this.#request(path, query, schema, { signal });
  }

  async #request<T extends z.ZodType>(
    path: string,
    query: [string, string][],
    schema: T,
    { signal, body: sent }: { signal?: AbortSignal; body?: object },
  ): Promise<z.infer<T>> {
    const { baseUrl, credentials, timeoutMs } = this.#connection;
    const url = `${baseUrl}/api/2.0/mlflow/${path}?${new URLSearchParams(
      query,
    )}`;
    const timeout = AbortSignal.timeout(timeoutMs);
    let response: Response;
    let body: string;
    try {
      response = await fetch(url, {
        ...(sent && { method: 'POST', body: JSON.stringify(sent) }),
        headers: {
          accept: 'application/json',
          ...(sent && { 'content-type': 'application/json' }),
          ...authorization(credentials),
        },
        // A redirect leads to a sign-in page, not to the API
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      body = await this.#readBounded(response);
    } catch (error) {
      if (signal?.aborted || error instanceof MlflowError) {
        throw error;
      }
      throw this.#error(
        'unreachable',
        timeout.aborted
          ? `did not answer within ${timeoutMs / 1000} s`
          : `cannot be reached: ${reasonOf(error)}`,
      );
    }
    this.#checkStatus(response.status, path, body);
    return this.#parse(path, body, schema);
  }

  #checkStatus(status: number, path: string, body: string) {
    if (status === 200) {
      return;
    }
    if (status === 401 || status === 403) {
      throw this.#error(
        'refused',
        `refused ${
          this.#connection.credentials ? 'the credentials' : 'to answer'
        } (${status}); check ${
          this.#connection.credentials ? '' : 'whether it needs '
        }username and password, or token`,
      );
    }
    if (status >= 300 && status < 400) {
      throw this.#error(
        'refused',
        `answered with a redirect (${status}), probably to a sign-in page; it needs credentials, or another baseUrl`,
      );
    }
    const { code, message } = mlflowErrorOf(body);
    if (status >= 500 || status === 429) {
      throw this.#error(
        'unreachable',
        `failed (${status})${message ? `: ${message}` : ''}`,
        code,
      );
    }
    throw this.#error(
      code ? 'rejected' : 'malformed',
      code
        ? `rejected ${path} (${status}, ${code})${
            message ? `: ${message}` : ''
          }`
        : `does not look like an MLflow server: ${path} was answered with ${status}; check baseUrl`,
      code,
    );
  }

  #parse<T extends z.ZodType>(
    path: string,
    body: string,
    schema: T,
  ): z.infer<T> {
    let json: unknown;
    try {
      json = JSON.parse(body);
    } catch {
      throw this.#error(
        'malformed',
        `answered ${path} with something other than JSON; check baseUrl`,
      );
    }
    const result = schema.safeParse(json);
    if (!result.success) {
      const [issue] = result.error.issues;
      throw this.#error(
        'malformed',
        `answered ${path} with nonsense at '${issue.path.join('.')}': ${
          issue.message
        }`,
      );
    }
    return result.data;
  }

  async #readBounded(response: Response): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > MAX_ANSWER_BYTES) {
        await response.body?.cancel().catch(() => {});
        throw this.#error(
          'malformed',
          `answered with more than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`,
        );
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  #error(trouble: MlflowError['trouble'], what: string, code?: string) {
    const { id, publicUrl } = this.#connection;
    return new MlflowError(
      trouble,
      `MLflow connection '${id}' (${publicUrl}) ${what}`,
      code,
    );
  }
}

function pageTokenOf(token: string | undefined): [string, string][] {
  return token ? [['page_token', token]] : [];
}

function authorization(
  credentials: MlflowCredentials | undefined,
): Record<string, string> {
  if (!credentials) {
    return {};
  }
  return {
    authorization:
      'token' in credentials
        ? `Bearer ${credentials.token}`
        : `Basic ${Buffer.from(
            `${credentials.username}:${credentials.password}`,
          ).toString('base64')}`,
  };
}

async function absentAsUndefined<T>(
  answer: Promise<T>,
): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (
      error instanceof MlflowError &&
      error.code === 'RESOURCE_DOES_NOT_EXIST'
    ) {
      return undefined;
    }
    throw error;
  }
}

function mlflowErrorOf(body: string): { code?: string; message?: string } {
  try {
    const { error_code: code, message } = JSON.parse(body);
    return {
      code: typeof code === 'string' ? code.slice(0, 100) : undefined,
      message: typeof message === 'string' ? message.slice(0, 300) : undefined,
    };
  } catch {
    return {};
  }
}

/** Why a fetch failed: Node hides it in the cause. */
function reasonOf(error: unknown): string {
  const cause = isError(error) && isError(error.cause) ? error.cause : error;
  if (!isError(cause)) {
    return 'the connection failed';
  }
  return typeof cause.code === 'string' ? cause.code : cause.message;
}
