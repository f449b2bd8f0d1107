import { BriefCache } from '../BriefCache';

/** In so few models everything is counted anew each time: that is as fast as looking it up. */
const FEW_MODELS = 2_000;
/** How often it is looked whether any model changed, in milliseconds. */
const LOOKED_MS = 5_000;
/** How old a count may be at most, in milliseconds. */
const KEPT_MS = 60_000;
/** One that began earlier may be committed after a change that is younger than this, in milliseconds. */
const SETTLED_MS = 10_000;
/** Questions of which the answers are kept. */
const MOST_KEPT = 500;

/**
 * Counts over very many models, given again as long as no model changed, for a minute at most, to whoever asks the same:
 * everybody who opens the list asks the same first, and every open list asks again whenever anything moves. A change is
 * seen after five seconds at the latest.
 */
export class KeptCounts {
  readonly #kept: BriefCache<unknown>;
  readonly #changes: BriefCache<string>;
  readonly #options: {
    lastChange: () => Promise<Date | null>;
    now: () => Date;
  };
  #models = 0;
  #unsettled = 0;

  /**
   * @param options - `lastChange`: when any model last changed; `now`: the time by which that is told; `clock`: milliseconds
   *   of a clock that only goes on
   */
  constructor(options: {
    lastChange: () => Promise<Date | null>;
    now: () => Date;
    clock?: () => number;
  }) {
    const now = options.clock ?? (() => performance.now());
    this.#options = options;
    this.#kept = new BriefCache({ keepMs: KEPT_MS, most: MOST_KEPT, now });
    this.#changes = new BriefCache({ keepMs: LOOKED_MS, most: 1, now });
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
    const state = await this.#changes.get('', () => this.#lookAtChanges());
    return this.#kept.get(`${state} ${question}`, work) as Promise<T>;
  }

  /** What differs whenever a model changed, or may have. */
  async #lookAtChanges(): Promise<string> {
    const { lastChange, now } = this.#options;
    const at = (await lastChange())?.getTime() ?? 0;
    if (now().getTime() - at >= SETTLED_MS) {
      return `${at}`;
    }
    this.#unsettled += 1;
    return `${at} ${this.#unsettled}`;
  }
}
