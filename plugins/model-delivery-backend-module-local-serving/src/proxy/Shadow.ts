import { Agent, IncomingHttpHeaders, request } from 'node:http';
import { LoggerService } from '@backstage/backend-plugin-api';
import { ProxyLimits } from '../config';
import { AnswerCapture } from './AnswerCapture';
import {
  AnswerComparison,
  compareAnswers,
  WholeAnswer,
} from './compareAnswers';
import { ExchangeOutcome } from './Exchange';
import { readScore, ScorePointers } from './readScore';

/** Request header by which a model server tells a copy from a request whose answer somebody gets. */
export const SHADOW_HEADER = 'x-slipway-shadow';

/** A version that gets copies. */
export interface Mirror {
  version: string;
  /** Percent of the requests. */
  share: number;
  tolerance: number;
  /** Undefined while it is not ready. */
  address?: { host: string; port: number };
  predictPath: string;
  /** Lowest status that counts as an error. */
  failureStatus: number;
  /** Where its answers have their score; not read when undefined. */
  scores?: ScorePointers;
}

/** What became of one copy; without a comparison it was not sent, or there was nothing to compare with. */
export interface CopyOutcome {
  comparison?: AnswerComparison & {
    candidate: Pick<ExchangeOutcome, 'failed' | 'latency' | 'score'>;
    serving: Pick<ExchangeOutcome, 'failed' | 'latency' | 'score'>;
  };
}

/** A request as it was given to the version that serves, and what came of it. */
export interface ServedRequest {
  method: string;
  /** Path and query behind the version's own path for predictions. */
  path: (predictPath: string) => string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  answer: WholeAnswer | undefined;
  outcome: ExchangeOutcome;
}

/**
 * Sends copies of requests to a candidate, once the caller has been answered, and compares what it answers. Nothing that
 * happens here reaches the caller; what there is no room for is not sent, and counted.
 */
export class Shadow {
  // A copy never waits for a connection that a caller uses
  readonly #agent = new Agent({ keepAlive: false });
  #running = 0;

  constructor(
    private readonly limits: ProxyLimits,
    private readonly logger: LoggerService,
  ) {}

  /** Keeps the answer that a copy will be compared with. */
  capture(): AnswerCapture {
    return new AnswerCapture(this.limits.maxMirroredBytes);
  }

  /** Sends a copy, and tells once what became of it. Never throws. */
  send(
    mirror: Mirror,
    served: ServedRequest,
    tell: (outcome: CopyOutcome) => void,
  ): void {
    const { answer, outcome } = served;
    if (
      !answer ||
      outcome.failed ||
      served.body.length > this.limits.maxMirroredBytes ||
      this.#running >= this.limits.maxMirrored
    ) {
      tell({});
      return;
    }
    this.#running += 1;
    this.#compare(mirror, served, answer)
      .catch(error => {
        this.logger.warn(`A copy for ${mirror.version} failed: ${error}`);
        return {};
      })
      .then(tell)
      .finally(() => {
        this.#running -= 1;
      });
  }

  close(): void {
    this.#agent.destroy();
  }

  async #compare(
    mirror: Mirror,
    served: ServedRequest,
    answer: WholeAnswer,
  ): Promise<CopyOutcome> {
    const { outcome: serving } = served;
    const startedAt = performance.now();
    const copy = await this.#ask(mirror, served);
    if (copy === 'too-large') {
      return {};
    }
    if (!copy) {
      const candidate = { failed: true };
      return { comparison: { agreed: false, candidate, serving } };
    }
    const failed = copy.status >= mirror.failureStatus;
    const candidate = {
      failed,
      latency: performance.now() - startedAt,
      ...(mirror.scores &&
        !failed &&
        copy.body.length <= this.limits.maxScoredBytes && {
          score: readScore(copy, mirror.scores, Math.random),
        }),
    };
    const compared = compareAnswers(answer, copy, mirror.tolerance);
    return {
      comparison: {
        ...compared,
        agreed: compared.agreed && !failed,
        candidate,
        serving,
      },
    };
  }

  /** @returns undefined when there was no whole answer in time */
  #ask(
    { address, predictPath }: Mirror,
    { method, path, headers, body }: ServedRequest,
  ): Promise<WholeAnswer | 'too-large' | undefined> {
    if (!address) {
      return Promise.resolve(undefined);
    }
    return new Promise(resolve => {
      const capture = this.capture();
      const sent = request({
        ...address,
        method,
        path: path(predictPath),
        agent: this.#agent,
        headers: {
          ...headers,
          host: `${address.host}:${address.port}`,
          'content-length': String(body.length),
          [SHADOW_HEADER]: '1',
        },
      });
      const finish = (whole: WholeAnswer | 'too-large' | undefined) => {
        resolve(whole);
        sent.destroy();
      };
      const timer = setTimeout(
        () => finish(undefined),
        this.limits.answerTimeoutMilliseconds,
      );
      sent.once('close', () => clearTimeout(timer));
      sent.once('response', answer => {
        capture.listen(answer);
        answer.once('end', () =>
          finish(capture.isTooLarge ? 'too-large' : capture.whole),
        );
        answer.once('error', () => finish(undefined));
        answer.once('close', () => finish(undefined));
      });
      sent.once('error', () => finish(undefined));
      sent.end(body);
    });
  }
}
