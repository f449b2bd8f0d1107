import { isError } from '@backstage/errors';
import { z } from 'zod';
import { MlflowConnection, MlflowCredentials } from './config';
import { MlflowError } from './MlflowError';

/** No answer that we ask for comes near it; a broken or hostile server must not fill the memory. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** One page of a list. */
export interface MlflowPage<T> {
  items: T[];
  /** Absent on the last page. */
  nextPageToken?: string;
}

/** One question to a server. */
export interface MlflowCall<T extends z.ZodType> {
  /** Below the API's root, such as `runs/get`. */
  path: string;
  query?: [string, string][];
  /** Sent as JSON by POST; without one it is a GET. */
  body?: object;
  schema: T;
  /** Of the REST API; 2.0 unless said. */
  api?: '2.0' | '3.0';
  signal?: AbortSignal;
}

/**
 * Asks one MLflow server, within bounds of time and size, and checks what it answers.
 *
 * Every method throws MlflowError, whose message names the connection and its address, and no credentials.
 */
export class MlflowServer {
  readonly #connection: MlflowConnection;

  constructor(connection: MlflowConnection) {
    this.#connection = connection;
  }

  /** Asks, and gives what was answered. */
  async ask<T extends z.ZodType>(call: MlflowCall<T>): Promise<z.infer<T>> {
    const { path, query = [], schema, body: sent, api = '2.0', signal } = call;
    const { baseUrl, credentials, timeoutMs } = this.#connection;
    const url = `${baseUrl}/api/${api}/mlflow/${path}?${new URLSearchParams(
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

  /** Like `ask`; `undefined` where the server says that there is no such thing. */
  async find<T extends z.ZodType>(
    call: MlflowCall<T>,
  ): Promise<z.infer<T> | undefined> {
    try {
      return await this.ask(call);
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

  /**
   * Where the page after `current` begins.
   * @throws MlflowError when it is the same again.
   */
  nextPage(
    current: string | undefined,
    next: string | undefined,
  ): string | undefined {
    if (next && next === current) {
      throw this.#error(
        'malformed',
        'answered with the page token that it was asked with, which would never end',
      );
    }
    return next || undefined;
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

/** The query of a page. */
export function pageTokenOf(token: string | undefined): [string, string][] {
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
