/**
 * Trouble in talking to a service: it cannot be reached, is too late, or answers without end. Trying again may help.
 * The message names the service by the name it was given, never by its address or credentials.
 * @public
 */
export class ServiceTroubleError extends Error {
  readonly name = 'ServiceTroubleError';
}

/**
 * One call of a service.
 * @public
 */
export interface ServiceCall {
  /** How messages name it, such as `The webhook main`. */
  service: string;
  /** From the configuration, never from an answer. */
  url: string;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string;
  /** How long the whole answer may take, in milliseconds. */
  timeoutMs: number;
  /** Largest answer that is read, in bytes; 1 MiB unless set. */
  maxAnswerBytes?: number;
  /** Ends the call with its reason. */
  signal?: AbortSignal;
}

/**
 * What a service answered, whatever its status.
 * @public
 */
export interface ServiceAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The text as JSON, undefined when it is none. */
  json: unknown;
}

const DEFAULT_ANSWER_BYTES = 1024 * 1024;

/**
 * Calls a service that is not trusted to behave: within a time, reading a bounded answer, without following redirects.
 * @throws ServiceTroubleError when there is no complete answer
 * @public
 */
export async function callService(call: ServiceCall): Promise<ServiceAnswer> {
  const { service, timeoutMs } = call;
  const limit = call.maxAnswerBytes ?? DEFAULT_ANSWER_BYTES;
  try {
    const response = await fetch(call.url, {
      method: call.method ?? 'GET',
      headers: call.headers,
      body: call.body,
      redirect: 'manual',
      signal: AbortSignal.any([
        AbortSignal.timeout(timeoutMs),
        ...(call.signal ? [call.signal] : []),
      ]),
    });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > limit) {
        throw new ServiceTroubleError(
          `${service} answered with more than ${limit} bytes`,
        );
      }
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    const { status, headers } = response;
    return { status, headers, text, json: parse(text) };
  } catch (error) {
    call.signal?.throwIfAborted();
    if (error instanceof ServiceTroubleError) {
      throw error;
    }
    const { name, cause, message } = error as Partial<Error>;
    throw new ServiceTroubleError(
      name === 'TimeoutError'
        ? `${service} did not answer within ${timeoutMs / 1000} s`
        : `${service} cannot be reached: ${
            (cause as { code?: string } | undefined)?.code ?? message
          }`,
    );
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
