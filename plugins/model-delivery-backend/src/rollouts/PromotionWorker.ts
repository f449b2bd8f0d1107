import { LoggerService } from '@backstage/backend-plugin-api';
import { randomUUID } from 'node:crypto';
import { DatabaseTime, StaleStateError, toDate } from '../database/values';
import { UnitOfWork } from '../database/UnitOfWork';
import { findPromotion } from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { PromotionSteps } from './PromotionSteps';

/** How many steps of one promotion are done before others have their turn. */
const MOST_STEPS = 50;

/** The shortest and the longest time after which it looks again by itself, in milliseconds. */
const SHORTEST_REST_MS = 20;
const LONGEST_REST_MS = 60_000;

/**
 * Works on promotions that are due. Any number of replicas may run one: promotions are claimed by a conditional update
 * with a lease, which is renewed while a step takes long and which others take over when it ran out.
 *
 * It wakes by itself when the next promotion is due, by one timer for all of them.
 */
export class PromotionWorker {
  readonly #id = randomUUID();
  readonly #work: UnitOfWork;
  readonly #steps: PromotionSteps;
  readonly #logger: LoggerService;
  readonly #leaseMs: number;
  readonly #concurrency: number;
  readonly #busy = new Map<number, Promise<void>>();
  #sweeping: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  /** Whether the last look may have left some that are due. */
  #more = false;
  #alarm: { at: number; timer: NodeJS.Timeout } | undefined;

  /** @param options - `concurrency` is how many promotions it works on at a time */
  constructor(options: {
    work: UnitOfWork;
    steps: PromotionSteps;
    logger: LoggerService;
    leaseMs: number;
    concurrency: number;
  }) {
    this.#work = options.work;
    this.#steps = options.steps;
    this.#logger = options.logger;
    this.#leaseMs = options.leaseMs;
    this.#concurrency = options.concurrency;
  }

  /** Looks for due promotions now; returns at once. */
  wake(): void {
    if (this.#stopped) {
      return;
    }
    if (this.#sweeping) {
      this.#again = true;
      return;
    }
    this.#sweeping = this.#sweep().finally(() => {
      this.#sweeping = undefined;
      if (this.#again) {
        this.#again = false;
        this.wake();
      }
    });
  }

  /** Claims nothing any more, and waits for the steps that are being done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#alarm?.timer);
    await this.#sweeping;
    await Promise.all(this.#busy.values());
  }

  async #sweep(): Promise<void> {
    const room = this.#concurrency - this.#busy.size;
    this.#more = room <= 0;
    if (this.#more) {
      // Whoever ends next looks again
      return;
    }
    try {
      const now = this.#work.now();
      const claimed = await this.#claim(room, now);
      for (const id of claimed) {
        this.#busy.set(
          id,
          this.#attend(id).then(dueAt => this.#leave(id, dueAt)),
        );
      }
      this.#more = claimed.length === room;
      if (!this.#more) {
        this.#wakeAt(await this.#nextDue(now));
      }
    } catch (error) {
      this.#logger.error(`Looking for due promotions failed: ${error}`);
    }
  }

  #leave(id: number, dueAt: Date | null): void {
    this.#busy.delete(id);
    if (this.#more) {
      this.wake();
    } else {
      this.#wakeAt(dueAt);
    }
  }

  /** Takes up to so many due promotions that nobody holds, those that have waited longest first, in one statement. */
  async #claim(most: number, now: Date): Promise<number[]> {
    const { knex } = this.#work;
    const due = knex('promotions')
      .where('due_at', '<=', now)
      .where(free =>
        free.whereNull('lease_until').orWhere('lease_until', '<', now),
      )
      .whereNotIn('id', [...this.#busy.keys()])
      .orderBy('due_at')
      .limit(most)
      .select('id');
    if (knex.client.config.client === 'pg') {
      // What another replica is just taking is not waited for
      due.forUpdate().skipLocked();
    }
    const rows: { id: number }[] = await knex('promotions')
      .whereIn('id', due)
      .update({ lease_owner: this.#id, lease_until: this.#leaseEnd() })
      .returning('id');
    return rows.map(({ id }) => id);
  }

  /** When the next promotion is due that was not at that moment. */
  async #nextDue(now: Date): Promise<Date | null> {
    const row: { due_at: DatabaseTime } | undefined = await this.#work
      .knex('promotions')
      .where('due_at', '>', now)
      .orderBy('due_at')
      .first('due_at');
    return row ? toDate(row.due_at) : null;
  }

  /** Sees to it that it looks at that moment, unless it is to look sooner. */
  #wakeAt(at: Date | null): void {
    if (at === null || this.#stopped) {
      return;
    }
    const rest = Math.min(
      LONGEST_REST_MS,
      Math.max(SHORTEST_REST_MS, at.getTime() - this.#work.now().getTime()),
    );
    const until = Date.now() + rest;
    if (this.#alarm && this.#alarm.at <= until) {
      return;
    }
    clearTimeout(this.#alarm?.timer);
    const timer = setTimeout(() => {
      this.#alarm = undefined;
      this.wake();
    }, rest);
    timer.unref();
    this.#alarm = { at: until, timer };
  }

  /** Does step after step until nothing is due, then gives the promotion back; says when it is due next. */
  async #attend(id: number): Promise<Date | null> {
    const renewal = setInterval(() => {
      this.#renew(id).catch(error =>
        this.#logger.warn(`Promotion ${id}: lease not renewed: ${error}`),
      );
    }, this.#leaseMs / 3);
    try {
      for (let i = 0; i < MOST_STEPS && !this.#stopped; i++) {
        const record = await findPromotion(this.#work.knex, id);
        if (!record || !this.#isMine(record) || !this.#isDue(record)) {
          break;
        }
        await this.#step(record);
      }
      // It may have become due by somebody else's doing since the last step
      const [left]: { due_at: DatabaseTime | null }[] = await this.#work
        .knex('promotions')
        .where({ id, lease_owner: this.#id })
        .update({ lease_owner: null, lease_until: null })
        .returning('due_at');
      return left?.due_at ? toDate(left.due_at) : null;
    } catch (error) {
      // The lease runs out, and then whoever is alive goes on.
      this.#logger.error(`Promotion ${id}: ${error}`);
    } finally {
      clearInterval(renewal);
    }
    return null;
  }

  async #step(record: PromotionRecord): Promise<void> {
    try {
      await this.#steps.next(record, this.#id);
    } catch (error) {
      if (error instanceof StaleStateError || isTransient(error)) {
        // Somebody else changed it: what it is now decides what comes next.
        return;
      }
      this.#logger.warn(
        `Promotion ${record.id} (${record.state}, ${record.operation}): ${error}`,
      );
      await this.#steps.trouble(record, this.#id, error).catch(second => {
        if (!(second instanceof StaleStateError)) {
          throw second;
        }
      });
    }
  }

  async #renew(id: number): Promise<void> {
    await this.#work
      .knex('promotions')
      .where({ id, lease_owner: this.#id })
      .update({ lease_until: this.#leaseEnd() });
  }

  #leaseEnd(): Date {
    return new Date(this.#work.now().getTime() + this.#leaseMs);
  }

  #isMine(record: PromotionRecord): boolean {
    return record.leaseOwner === this.#id;
  }

  #isDue(record: PromotionRecord): boolean {
    return record.dueAt !== null && record.dueAt <= this.#work.now();
  }
}

/** Whether the database asks to try the same again: a deadlock or serialization failure. */
function isTransient(error: unknown): boolean {
  const code =
    error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['40P01', '40001', 'SQLITE_BUSY'].includes(code);
}
