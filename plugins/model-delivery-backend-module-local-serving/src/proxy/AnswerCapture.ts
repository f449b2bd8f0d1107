import { IncomingMessage } from 'node:http';
import { WholeAnswer } from './compareAnswers';

/** Keeps an answer that passes by, up to a bound. */
export class AnswerCapture {
  #chunks: Buffer[] = [];
  #size = 0;
  #isTooLarge = false;
  #answer?: IncomingMessage;

  constructor(private readonly largest: number) {}

  /** Listens to an answer that somebody else reads too. */
  listen(answer: IncomingMessage): void {
    this.#answer = answer;
    answer.on('data', (chunk: Buffer) => {
      this.#size += chunk.length;
      if (this.#size > this.largest) {
        this.#isTooLarge = true;
        this.#chunks = [];
      } else {
        this.#chunks.push(chunk);
      }
    });
  }

  /** Whether it grew beyond the bound. */
  get isTooLarge(): boolean {
    return this.#isTooLarge;
  }

  /** The answer; undefined when there was none, or it was too large. To be asked once it has ended. */
  get whole(): WholeAnswer | undefined {
    return this.#answer && !this.#isTooLarge
      ? {
          status: this.#answer.statusCode ?? 0,
          encoding: this.#answer.headers['content-encoding'],
          body: Buffer.concat(this.#chunks),
        }
      : undefined;
  }
}
