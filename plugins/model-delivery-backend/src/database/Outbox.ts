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
/**
 * How long what a replica took is its own unless it says so again, in milliseconds. Together with the pause between two
 * looks at the outbox it is how late a message comes at most of which the replica died.
 */
const CLAIM_MS = 4_000;
/** How often a replica that is still delivering says so, in milliseconds. */
const RENEW_MS = 1_000;
/** Pause after the first attempt, in milliseconds; each one is twice as long as the one before, up to the longest. */
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 3_600_000;
/**
 * How long delivery is tried, in milliseconds: people have to hear of what waits for them also after a night in which
 * nothing could be sent, while pages that are open look for themselves after a minute without a signal.
 */
const TRIED_FOR_MS: Record<OutboxMessage['topic'], number> = {
  notification: 24 * 3_600_000,
  'signal.promotion': 600_000,
  'signal.model': 600_000,
};

type OutboxRow = {
  id: string;
  topic: OutboxMessage['topic'];
  payload: string;
  at: DatabaseTime;
  /** With the present one. */
  attempts: number;
};

/** What one replica took and did not give back, by id. */
type Claim = { rows: Map<string, OutboxRow>; until: Date };

/**
 * Delivers the messages that changes left in the outbox, at least once each.
 *
 * Messages are claimed by moving their due time ahead, delivered in their order, then deleted. While that lasts the claim
 * is renewed, so that nobody else delivers them however long it takes; a replica that dies in between leaves them to the
 * next one after seconds. What fails is tried again, at most hourly: signals for ten minutes, notifications for a day. Then
 * it is dropped with an error in the log, a notification with an audit entry too.
 */
export class Outbox {
  readonly #work: UnitOfWork;
  readonly #signals: SignalsService;
  readonly #notifications: NotificationService;
  readonly #logger: LoggerService;
  readonly #renewMillis: number;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(options: {
    work: UnitOfWork;
    signals: SignalsService;
    notifications: NotificationService;
    logger: LoggerService;
    /** Milliseconds between two renewals of a claim, for tests. */
    renewMillis?: number;
  }) {
    this.#work = options.work;
    this.#signals = options.signals;
    this.#notifications = options.notifications;
    this.#logger = options.logger;
    this.#renewMillis = options.renewMillis ?? RENEW_MS;
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
    const claim = await this.#claim();
    const taken = [...claim.rows.values()];
    if (taken.length === 0) {
      return 0;
    }
    const renewal = setInterval(
      () =>
        this.#renew(claim).catch(error =>
          this.#logger.warn(`Outbox: could not say that it goes on: ${error}`),
        ),
      this.#renewMillis,
    );
    const done: string[] = [];
    try {
      for (const row of taken) {
        if (await this.#isOurs(claim, row)) {
          if (await this.#deliverOne(claim, row)) {
            done.push(row.id);
          }
        }
      }
    } finally {
      clearInterval(renewal);
    }
    if (done.length > 0) {
      await this.#work.knex('outbox').whereIn('id', done).delete();
    }
    return taken.length;
  }

  /** @returns whether there is nothing more to do for it */
  async #deliverOne(claim: Claim, row: OutboxRow): Promise<boolean> {
    try {
      await this.#send({
        topic: row.topic,
        payload: JSON.parse(row.payload),
      } as OutboxMessage);
      return true;
    } catch (error) {
      const age = this.#work.now().getTime() - toDate(row.at).getTime();
      if (age >= TRIED_FOR_MS[row.topic]) {
        this.#logger.error(
          `Outbox: gave up on ${row.topic} after ${row.attempts} attempts: ${error}`,
        );
        await this.#noteGivenUp(row);
        return true;
      }
      this.#logger.warn(`Outbox: ${row.topic} will be retried: ${error}`);
      claim.rows.delete(row.id);
      await this.#retryLater(row);
      return false;
    }
  }

  /** Takes the messages that are due longest, for as long as a claim holds, in one statement. */
  async #claim(): Promise<Claim> {
    const { knex } = this.#work;
    const now = this.#work.now();
    const until = new Date(now.getTime() + CLAIM_MS);
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
      .update({ attempts: knex.raw('attempts + 1'), due_at: until })
      .returning('*');
    rows.sort(
      (one, other) => toDate(one.at).getTime() - toDate(other.at).getTime(),
    );
    return { rows: new Map(rows.map(row => [row.id, row])), until };
  }

  /** Whether no other replica may have it; after a stall that outlasted the claim it asks. */
  async #isOurs(claim: Claim, { id }: OutboxRow): Promise<boolean> {
    if (this.#work.now() >= claim.until) {
      await this.#renew(claim);
    }
    return claim.rows.has(id);
  }

  /** Keeps what is claimed for longer, but for what another replica took meanwhile: the attempts tell. */
  async #renew(claim: Claim): Promise<void> {
    const until = new Date(this.#work.now().getTime() + CLAIM_MS);
    const kept: { id: string }[] = await this.#work
      .knex('outbox')
      .whereIn(
        ['id', 'attempts'],
        [...claim.rows.values()].map(({ id, attempts }) => [id, attempts]),
      )
      .update({ due_at: until })
      .returning('id');
    const ids = new Set(kept.map(({ id }) => id));
    [...claim.rows.keys()]
      .filter(id => !ids.has(id))
      .forEach(id => claim.rows.delete(id));
    claim.until = until;
  }

  async #retryLater({ id, attempts }: OutboxRow): Promise<void> {
    const pause = Math.min(2 ** (attempts - 1) * RETRY_MS, LONGEST_RETRY_MS);
    await this.#work
      .knex('outbox')
      .where({ id, attempts })
      .update({ due_at: new Date(this.#work.now().getTime() + pause) });
  }

  /** Writes into the audit log whom nobody could tell of what. */
  async #noteGivenUp({ topic, payload, at, attempts }: OutboxRow) {
    const message = { topic, payload: JSON.parse(payload) } as OutboxMessage;
    if (message.topic !== 'notification') {
      return;
    }
    const { recipients, title, link, scope } = message.payload;
    await this.#work.run(async tx =>
      tx.record({
        actor: 'service:model-delivery',
        action: 'notification.given-up',
        model: null,
        subject: `notification:${scope}`,
        summary: `Could not tell ${recipients.join(
          ', ',
        )} within a day: ${title}`,
        details: {
          recipients,
          title,
          link,
          attempts,
          since: toDate(at).toISOString(),
        },
      }),
    );
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
