/** An answer, and until when it is given again. */
interface Kept {
  answer: Promise<unknown>;
  until: number;
}

/** In so few models everything is counted anew each time: that is as fast as looking it up. */
const FEW_MODELS = 2_000;
/** How old a count may be where there are more models, in milliseconds. */
const KEPT_MS = 5_000;
/** Questions of which the answers are kept; the oldest goes when there is one more. */
const MOST_KEPT = 500;

/**
 * Counts over very many models, given again for a few seconds to whoever asks the same: everybody who opens the list asks the
 * same first, and every open list asks again whenever anything moves.
 */
export class KeptCounts {
  readonly #clock: () => number;
  readonly #kept = new Map<string, Kept>();
  #models = 0;

  /** @param clock - milliseconds of a clock that only goes on */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
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
    if (this.#models <= FEW_MODELS) {
      return work();
    }
    const known = this.#kept.get(question);
    if (known && known.until > this.#clock()) {
      return known.answer as Promise<T>;
    }
    const kept: Kept = { answer: work(), until: Infinity };
    this.#kept.delete(question);
    this.#kept.set(question, kept);
    if (this.#kept.size > MOST_KEPT) {
      this.#kept.delete(this.#kept.keys().next().value!);
    }
    try {
      return (await kept.answer) as T;
    } catch (error) {
      this.#kept.delete(question);
      throw error;
    } finally {
      kept.until = this.#clock() + KEPT_MS;
    }
  }
}
