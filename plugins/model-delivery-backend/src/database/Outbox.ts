import { LoggerService } from '@backstage/backend-plugin-api';
import { NotificationService } from '@backstage/plugin-notifications-node';
import { SignalsService } from '@backstage/plugin-signals-node';
import {
  MODEL_DELIVERY_CHANNEL,
  ModelDeliverySignal,
  signalGroup,
} from '@slipway/backstage-plugin-model-delivery-common';
import { OutboxMessage, UnitOfWork } from './UnitOfWork';

const BATCH = 50;
const MAX_ATTEMPTS = 10;

type OutboxRow = {
  id: string;
  topic: OutboxMessage['topic'];
  payload: string;
  attempts: number;
};

/**
 * Delivers the messages that changes left in the outbox, at least once each.
 *
 * A message is claimed by moving its due time ahead, delivered, then deleted: a replica that dies in between leaves it to
 * the next one after that time. One that fails ten times is dropped with an error in the log.
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
    const now = this.#work.now();
    const rows: OutboxRow[] = await this.#work
      .knex<OutboxRow>('outbox')
      .where('due_at', '<=', now)
      .orderBy('at')
      .limit(BATCH);
    for (const row of rows) {
      const retryAt = new Date(now.getTime() + 2 ** row.attempts * 5_000);
      const claimed = await this.#work
        .knex('outbox')
        .where({ id: row.id, attempts: row.attempts })
        .update({ attempts: row.attempts + 1, due_at: retryAt });
      if (claimed !== 1) {
        continue;
      }
      try {
        await this.#send({
          topic: row.topic,
          payload: JSON.parse(row.payload),
        } as OutboxMessage);
        await this.#work.knex('outbox').where({ id: row.id }).delete();
      } catch (error) {
        if (row.attempts + 1 >= MAX_ATTEMPTS) {
          this.#logger.error(
            `Outbox: gave up on ${row.topic} after ${MAX_ATTEMPTS} attempts: ${error}`,
          );
          await this.#work.knex('outbox').where({ id: row.id }).delete();
        } else {
          this.#logger.warn(`Outbox: ${row.topic} will be retried: ${error}`);
        }
      }
    }
    return rows.length;
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
