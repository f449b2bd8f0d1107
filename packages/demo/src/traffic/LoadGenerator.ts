import { Agent, request } from 'node:http';
import { Random } from '../portfolio/random';
import { Caller, PredictionRequest } from './callers';
import { exponential } from './distributions';

/** What became of the requests of one endpoint. */
export interface LoadSummary {
  endpoint: string;
  /** Requests sent. */
  sent: number;
  /** Of them, how many got no answer in time. */
  unanswered: number;
  /** Requests that were due while too many were still open, and so were never sent. */
  skipped: number;
  /** Answers by status. */
  statuses: Record<string, number>;
  /** Answers by the version that gave them. */
  versions: Record<string, number>;
}

/** Requests that may be open at one endpoint at a time. */
const MOST_OPEN = 32;
const TIMEOUT = 10_000;

/**
 * Sends requests to one endpoint at a mean rate, at random moments as independent callers would, and never more than a
 * bounded number at a time. Every request says that it is synthetic.
 */
export class LoadGenerator {
  readonly summary: LoadSummary;
  // Connections are kept, as a calling application keeps them
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MOST_OPEN });
  readonly #open = new Set<Promise<void>>();
  #timer?: NodeJS.Timeout;
  #dueAt: number;
  #stopped = false;

  /**
   * @param options - `rate` is the mean number of requests per second, above 0
   * @throws Error for an endpoint that is not on this machine's loopback.
   */
  constructor(
    private readonly options: {
      endpoint: string;
      rate: number;
      caller: Caller;
      random: Random;
    },
  ) {
    assertLoopback(options.endpoint);
    if (!(options.rate > 0 && options.rate <= 1000)) {
      throw new Error(
        `A rate must lie above 0 and up to 1,000 requests per second; it is ${options.rate}`,
      );
    }
    this.summary = {
      endpoint: options.endpoint,
      sent: 0,
      unanswered: 0,
      skipped: 0,
      statuses: {},
      versions: {},
    };
    this.#dueAt = performance.now() + this.#gap();
    this.#next();
  }

  /** Stops sending, waits for the open requests, and says what became of all. */
  async stop(): Promise<LoadSummary> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#open);
    this.#agent.destroy();
    return this.summary;
  }

  #next(): void {
    this.#timer = setTimeout(() => {
      // After a pause of the machine the missed requests are not sent all at once
      this.#dueAt = Math.max(this.#dueAt, performance.now() - 1000);
      while (!this.#stopped && this.#dueAt <= performance.now()) {
        this.#ask();
        this.#dueAt += this.#gap();
      }
      if (!this.#stopped) this.#next();
    }, Math.max(0, this.#dueAt - performance.now()));
  }

  /** Milliseconds to the next request. */
  #gap(): number {
    return exponential(this.options.random, 1000 / this.options.rate);
  }

  #ask(): void {
    if (this.#open.size >= MOST_OPEN) {
      this.summary.skipped += 1;
      return;
    }
    this.summary.sent += 1;
    const asked = this.#send(this.options.caller(this.options.random)).finally(
      () => this.#open.delete(asked),
    );
    this.#open.add(asked);
  }

  #send({ key, body }: PredictionRequest): Promise<void> {
    return new Promise(resolve => {
      const unanswered = () => {
        this.summary.unanswered += 1;
        resolve();
      };
      const sent = request(
        this.options.endpoint,
        {
          method: 'POST',
          agent: this.#agent,
          timeout: TIMEOUT,
          headers: {
            'content-type': 'application/json',
            'user-agent': 'slipway-demo-traffic',
            'x-slipway-traffic': 'synthetic',
            'x-slipway-key': key,
          },
        },
        response => {
          response.resume();
          response.once('error', () => {});
          response.once('end', () => {
            count(this.summary.statuses, String(response.statusCode));
            const version = response.headers['x-slipway-version'];
            if (typeof version === 'string') {
              count(this.summary.versions, version);
            }
            resolve();
          });
          response.once('aborted', unanswered);
        },
      );
      sent.once('timeout', () => sent.destroy(new Error('timeout')));
      sent.once('error', unanswered);
      sent.end(body);
    });
  }
}

/** @throws Error unless the address is http on this machine's loopback: load belongs on nobody else's server. */
export function assertLoopback(endpoint: string): void {
  const { protocol, hostname } = new URL(endpoint);
  if (
    protocol !== 'http:' ||
    !/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
  ) {
    throw new Error(
      `Traffic goes to http addresses of this machine's loopback only, such as http://127.0.0.1:7010/default/churn-retail/production; not to ${endpoint}`,
    );
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
