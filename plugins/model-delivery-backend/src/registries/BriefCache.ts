/**
 * Keeps answers for a short while, and gives whoever asks while one is being made the same one. What fails is not kept.
 */
export class BriefCache<T> {
  readonly #options: { keepMs: number; most: number; now: () => Date };
  readonly #kept = new Map<string, { until: number; answer: Promise<T> }>();

  /** @param options - `most`: how many answers are kept at once; the oldest give way */
  constructor(options: { keepMs: number; most: number; now: () => Date }) {
    this.#options = options;
  }

  /** The answer to `key`, made if there is none. */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    const { keepMs, most, now } = this.#options;
    const known = this.#kept.get(key);
    if (known && known.until > now().getTime()) {
      return known.answer;
    }
    const entry = { until: now().getTime() + keepMs, answer: make() };
    this.#kept.delete(key);
    this.#kept.set(key, entry);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= most) {
        break;
      }
      this.#kept.delete(oldest);
    }
    try {
      return await entry.answer;
    } catch (error) {
      if (this.#kept.get(key) === entry) {
        this.#kept.delete(key);
      }
      throw error;
    }
  }
}
