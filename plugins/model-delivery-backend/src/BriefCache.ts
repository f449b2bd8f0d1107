/**
 * Keeps answers for a short while, and gives whoever asks while one is being made the same one. What fails is not kept.
 */
export class BriefCache<T> {
  readonly #options: { keepMs: number; most: number; now: () => number };
  readonly #kept = new Map<string, { until: number; answer: Promise<T> }>();

  /**
   * @param options - `keepMs`: for how long from when an answer is there; `most`: how many are kept at once, the oldest give
   *   way; `now`: a clock, in milliseconds
   */
  constructor(options: { keepMs: number; most: number; now: () => number }) {
    this.#options = options;
  }

  /** The answer to `key`, made if there is none. */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    const { keepMs, most, now } = this.#options;
    const known = this.#kept.get(key);
    if (known && known.until > now()) {
      return known.answer;
    }
    const entry = { until: Infinity, answer: make() };
    this.#kept.delete(key);
    this.#kept.set(key, entry);
    if (this.#kept.size > most) {
      this.#kept.delete(this.#kept.keys().next().value!);
    }
    try {
      return await entry.answer;
    } catch (error) {
      if (this.#kept.get(key) === entry) {
        this.#kept.delete(key);
      }
      throw error;
    } finally {
      entry.until = now() + keepMs;
    }
  }
}
