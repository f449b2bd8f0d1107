import { Knex } from 'knex';
import { findTwoActive } from './invariants';

const LOOK_MS = 500;

/** Watches how long promotions that are due stay as they are while the database and a replica are there. */
export class ProgressWatch {
  /** The longest time that one stayed as it was, in seconds, and which one that was. */
  longest = { seconds: 0, what: '' };
  /** What was seen that must never be. */
  readonly violations = new Set<string>();
  readonly #waiting = new Map<number, { as: string; ms: number }>();
  #last = Date.now();
  #stopped = false;
  #done: Promise<void> | undefined;

  constructor(
    private readonly knex: Knex,
    private readonly isUp: () => boolean,
  ) {}

  start(): void {
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      // While PostgreSQL is down nothing is seen
      await this.#look().catch(() => {
        this.#last = Date.now();
      });
      await new Promise(resolve => setTimeout(resolve, LOOK_MS));
    }
  }

  async #look(): Promise<void> {
    const due = await this.knex('promotions')
      .where('due_at', '<=', new Date())
      .select('id', 'state', 'operation', 'step_index', 'attempts', 'due_at');
    (await findTwoActive(this.knex)).forEach(each => this.violations.add(each));
    const passed = this.isUp() ? Date.now() - this.#last : 0;
    this.#last = Date.now();
    const ids = new Set(due.map(each => each.id));
    [...this.#waiting.keys()]
      .filter(id => !ids.has(id))
      .forEach(id => this.#waiting.delete(id));
    for (const row of due) {
      const as = JSON.stringify(row);
      const before = this.#waiting.get(row.id);
      const ms = before?.as === as ? before.ms + passed : 0;
      this.#waiting.set(row.id, { as, ms });
      if (ms / 1000 > this.longest.seconds) {
        this.longest = { seconds: ms / 1000, what: as };
      }
    }
  }
}
