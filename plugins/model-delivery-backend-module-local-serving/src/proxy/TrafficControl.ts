import { createHash, timingSafeEqual } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { InputError, isError, NotFoundError } from '@backstage/errors';
import {
  assertTrafficShares,
  DeploymentTarget,
  TargetState,
  TrafficShare,
} from '@slipway/backstage-plugin-model-delivery-node';
import { readBody } from './readBody';
import { parseRequestPath } from './requestPath';

/** What the path of every request to the control begins with; no namespace of a model can. */
const CONTROL = '/-/traffic';
const LARGEST_BODY = 10_000;

/** Whose traffic is controlled. */
export interface ControlledTraffic {
  observe(target: DeploymentTarget): TargetState;
  /** @throws NotFoundError for an unknown target, InputError for a version without a server that is ready */
  divide(target: DeploymentTarget, shares: TrafficShare[]): Promise<void>;
}

const STATUSES: Record<string, number> = {
  InputError: 400,
  NotFoundError: 404,
};

/**
 * What an operator of the target itself has: `GET` and `PUT /-/traffic/<namespace>/<model>/<environment>` read and set
 * how its traffic is divided, with a bearer token. Whoever uses it goes past Slipway, which then raises the difference.
 */
export class TrafficControl {
  readonly #token: Buffer;

  constructor(private readonly traffic: ControlledTraffic, token: string) {
    this.#token = digestOf(token);
  }

  /** Whether the request is for the control rather than for a model. */
  owns(request: IncomingMessage): boolean {
    return (request.url ?? '').startsWith(`${CONTROL}/`);
  }

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '');
    if (!given || !timingSafeEqual(digestOf(given[1]), this.#token)) {
      answer(response, 401, failure('AuthenticationError', 'Bearer token'));
      return;
    }
    try {
      answer(response, 200, await this.#act(request));
    } catch (error) {
      const { name, message } = isError(error)
        ? error
        : { name: 'Error', message: String(error) };
      answer(response, STATUSES[name] ?? 500, failure(name, message));
    }
  }

  async #act(request: IncomingMessage): Promise<TargetState> {
    const target = parseRequestPath(request.url!.slice(CONTROL.length));
    if (!target || target.rest || target.query) {
      throw new NotFoundError(
        `The path is ${CONTROL}/<namespace>/<model>/<environment>`,
      );
    }
    if (request.method === 'PUT') {
      await this.traffic.divide(target, await sharesOf(request));
    } else if (request.method !== 'GET') {
      throw new InputError(`GET or PUT is expected, not ${request.method}`);
    }
    return this.traffic.observe(target);
  }
}

async function sharesOf(request: IncomingMessage): Promise<TrafficShare[]> {
  const body = await readBody(request, LARGEST_BODY);
  const expected =
    'A body such as {"shares":[{"version":"v1","share":100}]} is expected';
  if (!Buffer.isBuffer(body)) {
    throw new InputError(expected);
  }
  let shares: unknown;
  try {
    shares = (JSON.parse(body.toString('utf8')) as { shares?: unknown })
      ?.shares;
  } catch {
    throw new InputError(expected);
  }
  if (
    !Array.isArray(shares) ||
    !shares.every(
      each =>
        typeof each?.version === 'string' && typeof each.share === 'number',
    )
  ) {
    throw new InputError(expected);
  }
  const divided = shares.map(({ version, share }) => ({ version, share }));
  assertTrafficShares(divided);
  return divided;
}

/** Of equal length, whatever was given. */
function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function failure(name: string, message: string) {
  return { error: { name, message } };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}
