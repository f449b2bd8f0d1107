import { LoggerService } from '@backstage/backend-plugin-api';
import { randomUUID } from 'node:crypto';
import { StaleStateError } from '../database/values';
import { UnitOfWork } from '../database/UnitOfWork';
import { findPromotion } from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { PromotionSteps } from './PromotionSteps';

/** How many promotions one replica works on at a time. */
const CONCURRENCY = 8;
/** How many steps of one promotion are done before others have their turn. */
const MOST_STEPS = 50;

/**
 * Works on promotions that are due. Any number of replicas may run one: a promotion is claimed by a conditional update
 * with a lease, which is renewed while a step takes long and which others take over when it ran out.
 */
export class PromotionWorker {
  readonly #id = randomUUID();
  readonly #work: UnitOfWork;
  readonly #steps: PromotionSteps;
  readonly #logger: LoggerService;
  readonly #leaseMs: number;
  readonly #busy = new Map<number, Promise<void>>();
  #sweeping: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(options: {
    work: UnitOfWork;
    steps: PromotionSteps;
    logger: LoggerService;
    leaseMs: number;
  }) {
    this.#work = options.work;
    this.#steps = options.steps;
    this.#logger = options.logger;
    this.#leaseMs = options.leaseMs;
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
    await this.#sweeping;
    await Promise.all(this.#busy.values());
  }

  async #sweep(): Promise<void> {
    try {
      const now = this.#work.now();
      const due: { id: number }[] = await this.#work
        .knex('promotions')
        .where('due_at', '<=', now)
        .where(free =>
          free.whereNull('lease_until').orWhere('lease_until', '<', now),
        )
        .whereNotIn('id', [...this.#busy.keys()])
        .orderBy('due_at')
        .limit(CONCURRENCY)
        .select('id');
      for (const { id } of due) {
        if (
          this.#busy.size < CONCURRENCY &&
          !this.#stopped &&
          (await this.#claim(id))
        ) {
          this.#busy.set(
            id,
            this.#attend(id).finally(() => {
              this.#busy.delete(id);
              this.wake();
            }),
          );
        }
      }
    } catch (error) {
      this.#logger.error(`Looking for due promotions failed: ${error}`);
    }
  }

  async #claim(id: number): Promise<boolean> {
    const now = this.#work.now();
    const claimed = await this.#work
      .knex('promotions')
      .where({ id })
      .where('due_at', '<=', now)
      .where(free =>
        free.whereNull('lease_until').orWhere('lease_until', '<', now),
      )
      .update({ lease_owner: this.#id, lease_until: this.#leaseEnd() });
    return claimed === 1;
  }

  /** Does step after step until nothing is due, then gives the promotion back. */
  async #attend(id: number): Promise<void> {
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
      await this.#work
        .knex('promotions')
        .where({ id, lease_owner: this.#id })
        .update({ lease_owner: null, lease_until: null });
    } catch (error) {
      // The lease runs out, and then whoever is alive goes on.
      this.#logger.error(`Promotion ${id}: ${error}`);
    } finally {
      clearInterval(renewal);
    }
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
