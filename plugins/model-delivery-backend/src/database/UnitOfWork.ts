import { randomUUID } from 'node:crypto';
import { Knex } from 'knex';
import { appendAuditEntries, AuditRecord } from '../audit/appendAuditEntries';

/** A message to deliver after the change that it was written with. */
export type OutboxMessage =
  | {
      topic: 'signal.promotion';
      payload: { id: string; model: string; revision: number };
    }
  | { topic: 'signal.model'; payload: { model: string } }
  | {
      topic: 'notification';
      payload: {
        /** Entity refs of users and groups. */
        recipients: string[];
        title: string;
        description?: string;
        /** Path within the portal. */
        link: string;
        severity: 'critical' | 'high' | 'normal' | 'low';
        /** Notifications of the same topic and scope replace one another. */
        scope: string;
      };
    };

/** The transaction of one change. */
export interface Transaction {
  readonly knex: Knex.Transaction;
  /** The moment of the change: one for all it writes. */
  readonly now: Date;
  /** Says in the audit log what was done; appended just before the commit. */
  record(entry: AuditRecord): void;
  /** Tells others after the commit. */
  publish(message: OutboxMessage): void;
}

/**
 * Runs changes, each in one transaction together with its audit entries and outbox rows: all of it happens or none.
 *
 * Nothing inside may wait for anything but the database: no HTTP call, no deployer, no catalog. SQLite has a single
 * connection, so inside only `tx.knex` may be used.
 */
export class UnitOfWork {
  readonly #knex: Knex;
  readonly #clock: () => Date;
  readonly #committed: Array<() => void> = [];

  constructor(options: { knex: Knex; clock?: () => Date }) {
    this.#knex = options.knex;
    this.#clock = options.clock ?? (() => new Date());
  }

  /** The database outside a transaction, for reading. */
  get knex(): Knex {
    return this.#knex;
  }

  /** The present moment. */
  now(): Date {
    return this.#clock();
  }

  /** Calls `listener` after each commit that left something in the outbox. */
  onCommit(listener: () => void): void {
    this.#committed.push(listener);
  }

  async run<T>(change: (tx: Transaction) => Promise<T>): Promise<T> {
    let published = 0;
    const result = await this.#knex.transaction(async knex => {
      const now = this.#clock();
      const records: AuditRecord[] = [];
      // What is said more than once is told once
      const messages = new Map<string, OutboxMessage>();
      const value = await change({
        knex,
        now,
        record: entry => records.push(entry),
        publish: message => messages.set(JSON.stringify(message), message),
      });
      if (messages.size > 0) {
        await knex('outbox').insert(
          [...messages.values()].map(message => ({
            id: randomUUID(),
            at: now,
            topic: message.topic,
            payload: JSON.stringify(message.payload),
            due_at: now,
          })),
        );
      }
      await appendAuditEntries(knex, now, records);
      published = messages.size;
      return value;
    });
    if (published > 0) {
      this.#committed.forEach(listener => listener());
    }
    return result;
  }
}
