import { LoggerService } from '@backstage/backend-plugin-api';
import { NotificationService } from '@backstage/plugin-notifications-node';
import { SignalsService } from '@backstage/plugin-signals-node';
import {
  MODEL_DELIVERY_CHANNEL,
  ModelDeliverySignal,
  signalGroup,
} from '@slipway/backstage-plugin-model-delivery-common';
import { OutboxMessage, UnitOfWork } from './UnitOfWork';
import { DatabaseTime, toDate } from './values';

const BATCH = 20;
const MAX_ATTEMPTS = 10;
/** How long a replica has to deliver what it took, before another one may, in milliseconds. */
const CLAIM_MS = 60_000;
/** Pause after the first attempt, in milliseconds; each one is twice as long as the one before. */
const RETRY_MS = 5_000;

type OutboxRow = {
  id: string;
  topic: OutboxMessage['topic'];
  payload: string;
  at: DatabaseTime;
  /** With the present one. */
  attempts: number;
};

/**
 * Delivers the messages that changes left in the outbox, at least once each.
 *
 * Messages are claimed by moving their due time ahead, delivered in their order, then deleted: a replica that dies in
 * between leaves them to the next one after that time. One that fails ten times is dropped with an error in the log.
 */
export class Outbox {
  readonly #work: UnitOfWork;
  readonly #signals: SignalsService;
  readonly #notifications: NotificationService;
  readonly #logger: LoggerService;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(options: {
    work: UnitOfWork;
    signals: SignalsService;
    notifications: NotificationService;
    logger: LoggerService;
  }) {
    this.#work = options.work;
    this.#signals = options.signals;
    this.#notifications = options.notifications;
    this.#logger = options.logger;
    this.#work.onCommit(() => {
      this.deliver().catch(error =>
        this.#logger.error(`Outbox: ${error}`, error),
      );
    });
  }

  /** Delivers what is due. Calls at the same time share one run. */
  async deliver(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      await this.#running;
      return;
    }
    this.#running = this.#deliverAll();
    try {
      await this.#running;
    } finally {
      this.#running = undefined;
    }
  }

  /** Delivers nothing more, and waits for what is under way: for the shutdown. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running?.catch(() => {});
  }

  async #deliverAll(): Promise<void> {
    do {
      this.#again = false;
      while (!this.#stopped && (await this.#deliverBatch()) === BATCH);
    } while (this.#again && !this.#stopped);
  }

  async #deliverBatch(): Promise<number> {
    const rows = await this.#claim();
    const done: string[] = [];
    for (const row of rows) {
      try {
        await this.#send({
          topic: row.topic,
          payload: JSON.parse(row.payload),
        } as OutboxMessage);
        done.push(row.id);
      } catch (error) {
        if (row.attempts >= MAX_ATTEMPTS) {
          this.#logger.error(
            `Outbox: gave up on ${row.topic} after ${MAX_ATTEMPTS} attempts: ${error}`,
          );
          done.push(row.id);
        } else {
          this.#logger.warn(`Outbox: ${row.topic} will be retried: ${error}`);
          await this.#retryLater(row);
        }
      }
    }
    if (done.length > 0) {
      await this.#work.knex('outbox').whereIn('id', done).delete();
    }
    return rows.length;
  }

  /** Takes the messages that are due longest, for as long as delivering them may take, in one statement. */
  async #claim(): Promise<OutboxRow[]> {
    const { knex } = this.#work;
    const now = this.#work.now();
    const due = knex('outbox')
      .where('due_at', '<=', now)
      .orderBy('at')
      .limit(BATCH)
      .select('id');
    if (knex.client.config.client === 'pg') {
      // What another replica is just taking is not waited for
      due.forUpdate().skipLocked();
    }
    const rows: OutboxRow[] = await knex('outbox')
      .whereIn('id', due)
      .update({
        attempts: knex.raw('attempts + 1'),
        due_at: new Date(now.getTime() + CLAIM_MS),
      })
      .returning('*');
    return rows.sort(
      (one, other) => toDate(one.at).getTime() - toDate(other.at).getTime(),
    );
  }

  async #retryLater({ id, attempts }: OutboxRow): Promise<void> {
    const pause = 2 ** (attempts - 1) * RETRY_MS;
    await this.#work
      .knex('outbox')
      .where({ id, attempts })
      .update({ due_at: new Date(this.#work.now().getTime() + pause) });
  }

  async #send(message: OutboxMessage): Promise<void> {
    if (message.topic === 'notification') {
      const { recipients, ...content } = message.payload;
      await this.#notifications.send({
        recipients: { type: 'entity', entityRef: recipients },
        payload: { ...content, topic: 'Model delivery' },
      });
      return;
    }
    const models = signalGroup(message.payload.model);
    const signal: ModelDeliverySignal =
      message.topic === 'signal.promotion'
        ? {
            type: 'promotion',
            id: message.payload.id,
            revision: message.payload.revision,
            models,
          }
        : { type: 'model', models };
    await this.#signals.publish({
      recipients: { type: 'broadcast' },
      channel: MODEL_DELIVERY_CHANNEL,
      message: signal,
    });
  }
}
