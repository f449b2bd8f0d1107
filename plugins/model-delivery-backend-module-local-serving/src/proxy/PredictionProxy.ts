import {
  Agent,
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { createProxyServer } from 'http-proxy-3';
import { LoggerService } from '@backstage/backend-plugin-api';
import { ProxyLimits } from '../config';
import { AnswerCapture } from './AnswerCapture';
import { Exchange } from './Exchange';
import { isLoopbackHost, removeHopByHop } from './headers';
import { readBody } from './readBody';
import { readScore, ScorePointers } from './readScore';
import { parseRequestPath, RequestPath } from './requestPath';
import { CopyOutcome, Mirror, Shadow, SHADOW_HEADER } from './Shadow';
import { TrafficControl } from './TrafficControl';

/** A server to which a request can be given. */
export interface Upstream {
  version: string;
  /** Undefined while it is not ready. */
  address?: { host: string; port: number };
  predictPath: string;
  /** Lowest status that counts as an error. */
  failureStatus: number;
  /** Where its answers have their score; not read when undefined. */
  scores?: ScorePointers;
  /** Called when it refused the connection. */
  refused(): void;
}

/** What is counted of a request. */
export interface Measured {
  failed: boolean;
  /** Milliseconds; undefined without an answer. */
  latency?: number;
  /** What was predicted; undefined without. */
  score?: number;
}

/** Decides which version answers. */
export interface Router {
  /**
   * Versions with traffic of a target: first the one that the key, or chance, gives the request to, then those that may
   * stand in for it. Undefined for an unknown target, empty when no version has traffic.
   */
  route(
    target: { model: string; environment: string },
    key: string | undefined,
  ): Upstream[] | undefined;
  /** Counts a request for a prediction. */
  measured(
    target: { model: string; environment: string },
    version: string,
    request: Measured,
  ): void;
  /** The version that gets copies of a target's requests; undefined when none does. */
  mirrorOf(target: { model: string; environment: string }): Mirror | undefined;
  /** Counts a copy of a request. */
  compared(
    target: { model: string; environment: string },
    version: string,
    outcome: CopyOutcome,
  ): void;
}

/** Request header by which requests stick to a version. */
export const KEY_HEADER = 'x-slipway-key';
/** Response header that names the version that answered. */
export const VERSION_HEADER = 'x-slipway-version';

/**
 * The reverse proxy in front of all servers. It listens on a loopback address, gives each request to one version, and
 * measures requests for predictions.
 */
export class PredictionProxy {
  readonly #server: Server;
  readonly #proxy = createProxyServer({ xfwd: true, changeOrigin: true });
  // No connection is used twice: one that the server closes just then would be counted as its error
  readonly #agent = new Agent({ keepAlive: false });
  readonly #exchanges = new WeakMap<IncomingMessage, Exchange>();
  readonly #shadow: Shadow;

  constructor(
    private readonly router: Router,
    private readonly limits: ProxyLimits,
    private readonly logger: LoggerService,
    private readonly control?: TrafficControl,
  ) {
    this.#shadow = new Shadow(limits, logger);
    this.#server = createServer(
      { requestTimeout: 60_000, headersTimeout: 10_000 },
      (request, response) => {
        this.#handle(request, response).catch(error => {
          this.logger.error(`The proxy failed on a request: ${error}`);
          answer(response, 500, 'InternalError', 'The proxy failed');
        });
      },
    );
    this.#server.maxConnections = limits.maxConnections;
    this.#proxy.on('proxyReq', (proxyRequest, request) =>
      this.#exchanges.get(request)?.sent(proxyRequest),
    );
    this.#proxy.on('proxyRes', (proxyResponse, request) => {
      removeHopByHop(proxyResponse.headers);
      delete proxyResponse.headers[VERSION_HEADER];
      this.#exchanges.get(request)?.answered(proxyResponse);
    });
    // All errors arrive at the callback of the request they belong to; this one keeps a late one from being thrown
    this.#proxy.on('error', () => {});
    this.#proxy.on('econnreset', () => {});
  }

  /**
   * @returns the port it listens on.
   * @throws when the port is taken.
   */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Stops listening; requests on their way have `patience` milliseconds to end. */
  async close(patience: number): Promise<void> {
    const closed = new Promise<void>(resolve =>
      this.#server.close(() => resolve()),
    );
    this.#server.closeIdleConnections();
    const timer = setTimeout(
      () => this.#server.closeAllConnections(),
      patience,
    );
    await closed;
    clearTimeout(timer);
    this.#agent.destroy();
    this.#shadow.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse) {
    if (!isLoopbackHost(request.headers.host)) {
      // A name that somebody else's DNS points here
      answer(response, 421, 'MisdirectedRequest', 'Use a loopback address');
      return;
    }
    if (this.control?.owns(request)) {
      await this.control.handle(request, response);
      return;
    }
    const path = parseRequestPath(request.url ?? '');
    const key = request.headers[KEY_HEADER];
    const upstreams =
      path && this.router.route(path, Array.isArray(key) ? key[0] : key);
    if (!path || !upstreams) {
      answer(
        response,
        404,
        'NotFoundError',
        'No model is served at this path; it is /<namespace>/<model>/<environment>',
      );
      return;
    }
    const [intended] = upstreams;
    const body = await readBody(request, this.limits.maxBodyBytes);
    if (body === 'aborted') {
      response.destroy();
      return;
    }
    if (body === 'too-large') {
      response.setHeader('connection', 'close');
      answer(
        response,
        413,
        'PayloadTooLargeError',
        `The body is larger than ${this.limits.maxBodyBytes} bytes`,
      );
      return;
    }
    removeHopByHop(request.headers);
    delete request.headers[SHADOW_HEADER];
    request.headers['content-length'] = String(body.length);
    if (!intended) {
      answer(
        response,
        503,
        'ServiceUnavailableError',
        `No version of ${path.model} has traffic in ${path.environment}`,
      );
      return;
    }
    const measures = upstreams.map(
      ({ predictPath }) => path.rest === undefined || path.rest === predictPath,
    );
    for (const [i, upstream] of upstreams.entries()) {
      const measure = (outcome: Measured) => {
        if (measures[i]) this.router.measured(path, upstream.version, outcome);
      };
      if (!upstream.address) {
        // The request was meant for a version that cannot take it: that is its failure, even when another one helps
        if (upstream === intended) measure({ failed: true });
        continue;
      }
      request.url = `${path.rest ?? upstream.predictPath}${path.query}`;
      const mirror = measures[i]
        ? this.#mirrorOf(path, upstream.version)
        : undefined;
      const outcome = await this.#forward(
        {
          request,
          response,
          path,
          body,
          mirror,
          scores: measures[i] ? upstream.scores : undefined,
        },
        upstream,
      );
      if (outcome !== 'refused') {
        if (outcome) measure(outcome);
        return;
      }
      upstream.refused();
      measure({ failed: true });
    }
    answer(
      response,
      503,
      'ServiceUnavailableError',
      `No version of ${path.model} in ${path.environment} is ready; its server is starting or has failed`,
    );
  }

  /** Who gets a copy of a request that a version is given, by chance as often as its share says. */
  #mirrorOf(path: RequestPath, version: string): Mirror | undefined {
    const mirror = this.router.mirrorOf(path);
    return mirror &&
      mirror.version !== version &&
      Math.random() * 100 < mirror.share
      ? mirror
      : undefined;
  }

  /** @returns how it went, `refused` when nothing was sent yet. */
  async #forward(
    given: {
      request: IncomingMessage;
      response: ServerResponse;
      path: RequestPath;
      body: Buffer;
      mirror: Mirror | undefined;
      scores: ScorePointers | undefined;
    },
    { version, address, failureStatus }: Upstream,
  ) {
    const { request, response, path, body, mirror, scores } = given;
    const headers = mirror && { ...request.headers };
    const capture = mirror && this.#shadow.capture();
    const scored = scores && new AnswerCapture(this.limits.maxScoredBytes);
    const exchange = new Exchange(
      response,
      this.limits.answerTimeoutMilliseconds,
      failureStatus,
      [capture, scored].filter(each => each !== undefined),
    );
    this.#exchanges.set(request, exchange);
    response.setHeader(VERSION_HEADER, version);
    this.#proxy.web(
      request,
      response,
      {
        target: urlOf(address!),
        buffer: Readable.from([body]),
        agent: this.#agent,
      },
      error => exchange.failed(error),
    );
    const outcome = await exchange.outcome;
    if (outcome === 'refused') {
      response.removeHeader(VERSION_HEADER);
      return outcome;
    }
    if (scored?.whole && !outcome.failed) {
      outcome.score = readScore(scored.whole, scores!, Math.random);
    }
    if (outcome.status) {
      answer(response, outcome.status, 'UpstreamError', outcome.message!);
    }
    if (mirror) {
      this.#shadow.send(
        mirror,
        {
          method: request.method ?? 'POST',
          path: predictPath => `${path.rest ?? predictPath}${path.query}`,
          headers: headers!,
          body,
          answer: capture!.whole,
          outcome,
        },
        told => this.router.compared(path, mirror.version, told),
      );
    }
    return outcome;
  }
}

function urlOf({ host, port }: { host: string; port: number }): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function answer(
  response: ServerResponse,
  status: number,
  name: string,
  message: string,
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ error: { name, message } }));
}
