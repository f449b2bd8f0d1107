import { ResponseError } from '@backstage/errors';
import createClient, { Client } from 'openapi-fetch';
import type { paths } from './generated';

/**
 * The API as typed calls: `client.GET('/models', { params: … })`. Paths, parameters, bodies and answers are those of
 * the contract.
 * @public
 */
export type ModelDeliveryClient = Client<paths>;

/**
 * Makes a client of the model delivery API.
 *
 * The fetch function carries the credentials: Backstage's fetch API in the browser, one that adds a token elsewhere.
 * Any answer that is not 2xx is thrown as Backstage's `ResponseError`, whose `body` holds the reason.
 * @param options - `baseUrl` is the plugin's URL, such as `https://portal.example.com/api/model-delivery`;
 *   a function is asked before every call.
 * @public
 */
export function createModelDeliveryClient(options: {
  baseUrl: string | (() => Promise<string>);
  fetch: typeof fetch;
}): ModelDeliveryClient {
  const { baseUrl } = options;
  const placeholder = 'http://model-delivery.invalid';
  const client = createClient<paths>({
    baseUrl: typeof baseUrl === 'string' ? baseUrl : placeholder,
    fetch: async request => {
      const response =
        typeof baseUrl === 'string'
          ? await options.fetch(request)
          : await options.fetch(
              request.url.replace(placeholder, await baseUrl()),
              await initOf(request),
            );
      if (!response.ok) {
        throw await ResponseError.fromResponse(response);
      }
      return response;
    },
  });
  return client;
}

/**
 * A fetch function for programs: each call carries a token that is asked for then.
 * @public
 */
export function fetchWithToken(token: () => Promise<string>): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${await token()}`);
    return fetch(input, { ...init, headers });
  };
}

/**
 * A request as what `fetch` takes beside an address. Backstage's fetch API makes a `Request` of its input more than once, and
 * one with a body can be used only once.
 */
async function initOf(request: Request): Promise<RequestInit> {
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  return {
    method: request.method,
    headers: request.headers,
    body: hasBody ? await request.text() : undefined,
    signal: request.signal,
  };
}

/**
 * The body of a successful answer.
 * @example `const model = dataOf(await client.GET('/models/{namespace}/{name}', …))`
 * @public
 */
export function dataOf<T>(result: { data?: T }): T {
  if (result.data === undefined) {
    throw new Error('The answer has no body');
  }
  return result.data;
}
