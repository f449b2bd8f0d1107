import { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { AnswerCapture } from './AnswerCapture';

/** How one request to a server ended. */
export interface ExchangeOutcome {
  /** A status that counts as an error, or no complete answer. */
  failed: boolean;
  /** Milliseconds from sending the request to the end of the answer; undefined without one. */
  latency?: number;
  /** What was predicted; undefined without. */
  score?: number;
  /** What to answer instead, when the server did not. */
  status?: number;
  message?: string;
}

/**
 * One request on its way to a server and back. It ends exactly once: with the whole answer, with an error, when time is
 * up, or when the caller goes away. The last counts as unanswered, like the one before it: whoever waits
 * less must not make a hanging server look healthy.
 */
export class Exchange {
  readonly outcome: Promise<ExchangeOutcome | 'refused'>;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #settle!: (outcome: ExchangeOutcome | 'refused') => void;
  #status = 0;
  #request?: ClientRequest;

  constructor(
    private readonly response: ServerResponse,
    timeout: number,
    private readonly failureStatus: number,
    /** Keep the answer, for whoever wants to compare with it or reads its score. */
    private readonly captures: readonly AnswerCapture[] = [],
  ) {
    this.outcome = new Promise(resolve => {
      this.#settle = resolve;
    });
    this.#timer = setTimeout(() => {
      this.#end({
        failed: true,
        status: 504,
        message: `The model server did not answer within ${timeout / 1000} s`,
      });
      this.#request?.destroy();
    }, timeout);
    response.once('close', this.#closed);
  }

  /** The request is on its way. */
  sent(request: ClientRequest): void {
    this.#request = request;
  }

  /** The server's answer begins. */
  answered(answer: IncomingMessage): void {
    this.#status = answer.statusCode ?? 0;
    this.captures.forEach(capture => capture.listen(answer));
    answer.once('end', () =>
      this.#end({
        failed: this.#status >= this.failureStatus,
        latency: performance.now() - this.#startedAt,
      }),
    );
    answer.once('error', () => this.#broken());
    answer.once('close', () => this.#broken());
  }

  /** The request could not be sent, or its connection broke. */
  failed(error: Error): void {
    const { code } = error as NodeJS.ErrnoException;
    this.#end(
      code === 'ECONNREFUSED'
        ? 'refused'
        : {
            failed: true,
            status: 502,
            message: 'The model server broke the connection',
          },
    );
  }

  #broken(): void {
    this.#end({
      failed: true,
      status: 502,
      message: 'The model server broke off its answer',
    });
  }

  readonly #closed = () => this.#end({ failed: true });

  #end(outcome: ExchangeOutcome | 'refused'): void {
    clearTimeout(this.#timer);
    this.response.off('close', this.#closed);
    this.#settle(outcome);
  }
}
