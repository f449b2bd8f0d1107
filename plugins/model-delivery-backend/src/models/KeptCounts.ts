import { BriefCache } from '../BriefCache';

/** In so few models everything is counted anew each time: that is as fast as looking it up. */
const FEW_MODELS = 2_000;
/** How old a count may be where there are more models, in milliseconds. */
const KEPT_MS = 5_000;
/** Questions of which the answers are kept. */
const MOST_KEPT = 500;

/**
 * Counts over very many models, given again for a few seconds to whoever asks the same: everybody who opens the list asks the
 * same first, and every open list asks again whenever anything moves.
 */
export class KeptCounts {
  readonly #kept: BriefCache<unknown>;
  #models = 0;

  /** @param clock - milliseconds of a clock that only goes on */
  constructor(clock: () => number = () => performance.now()) {
    this.#kept = new BriefCache({
      keepMs: KEPT_MS,
      most: MOST_KEPT,
      now: clock,
    });
  }

  /** Tells how many models somebody may see: among few of them nothing is kept. */
  tellModels(models: number): void {
    this.#models = Math.max(models, this.#models);
  }

  /**
   * The answer to a question, worked out once however many ask meanwhile.
   * @param question - differs wherever the answer may, by what the caller may see too
   */
  async get<T>(question: string, work: () => Promise<T>): Promise<T> {
    return this.#models <= FEW_MODELS
      ? work()
      : (this.#kept.get(question, work) as Promise<T>);
  }
}
