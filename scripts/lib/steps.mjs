/** Progress on the terminal: one line per step, with how long it took, and signs of life while it is long. */
const HEARTBEAT_MS = 10_000;

/** A failure that says what to do; printed without a stack. */
export class StepError extends Error {
  /**
   * @param {string} why what went wrong
   * @param {{ todo?: string, log?: string, cause?: unknown }} [options]
   *   `todo`: what the reader can do; `log`: file whose end is worth reading
   */
  constructor(why, { todo, log, cause } = {}) {
    super(why, { cause });
    this.name = 'StepError';
    this.todo = todo;
    this.log = log;
  }
}

/** Seconds for people: one decimal below ten. */
export function seconds(ms) {
  const value = ms / 1000;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
}

/** Runs steps one after the other and tells how they go. */
export class Steps {
  #started = Date.now();
  #out;

  constructor(out = process.stdout) {
    this.#out = out;
  }

  /** Milliseconds since the first step could begin. */
  get elapsedMs() {
    return Date.now() - this.#started;
  }

  say(text) {
    this.#out.write(`${text}\n`);
  }

  /**
   * Runs one step. What `work` returns is returned; a string in `note(…)` is put on the step's last line.
   * @template T
   * @param {string} title
   * @param {(note: (text: string) => void) => T | Promise<T>} work
   * @returns {Promise<T>}
   */
  async run(title, work) {
    const begun = Date.now();
    let note = '';
    this.say(`  … ${title}`);
    const heartbeat = setInterval(
      () =>
        this.say(
          `    ${title}: ${seconds(Date.now() - begun)} so far${
            note ? `, ${note}` : ''
          }`,
        ),
      HEARTBEAT_MS,
    );
    try {
      const result = await work(text => {
        note = text;
      });
      this.say(
        `  ✓ ${title}${note ? `: ${note}` : ''} (${seconds(
          Date.now() - begun,
        )}, ${seconds(this.elapsedMs)} in all)`,
      );
      return result;
    } catch (error) {
      this.say(`  ✗ ${title} (${seconds(Date.now() - begun)})`);
      error.step ??= title;
      throw error;
    } finally {
      clearInterval(heartbeat);
    }
  }
}
