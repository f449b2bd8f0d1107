import { changeTogether } from '../bundles/changeTogether';
import { endOthers } from '../bundles/endOthers';
import { startTogether } from '../bundles/startTogether';
import { Transaction, UnitOfWork } from '../database/UnitOfWork';
import { ModelsService } from '../models/ModelsService';
import {
  changePromotion,
  ENGINE_ACTOR,
  progressPromotion,
} from '../promotions/changePromotion';
import { notifyRequester, notifyTrouble } from '../promotions/notifications';
import { PromotionEvaluator } from '../promotions/PromotionEvaluator';
import { isTrafficTouched } from '../promotions/transitions';
import { PromotionRecord, TERMINAL_STATES } from '../promotions/types';
import { watchServing } from '../watches/watchServing';
import { duration } from '../words';
import { releaseEnvironmentLock } from './environmentLock';
import { advanceRollout } from './advanceRollout';
import { givenUpColumns, holdsTraffic, isHeldByTrouble } from './holdsTraffic';
import { missWhilePaused, watchInTrouble, watchPaused } from './keepWatch';
import { isShadowed, isWatched, loseSignal } from './loseSignal';
import { restoreTraffic } from './moveTraffic';
import { releaseServers } from './releaseServers';
import { RolloutContext } from './rolloutContext';
import { loseComparison } from './shadowCandidate';
import { startRollout } from './startRollout';
import { TerminalTrouble } from './TerminalTrouble';

const MOST_ATTEMPTS = 5;
const FIRST_BACK_OFF_SECONDS = 5;
const LONGEST_BACK_OFF_SECONDS = 60;

/** Knows what the engine itself does next with a promotion, and what becomes of trouble on the way. */
export class PromotionSteps {
  readonly #work: UnitOfWork;
  readonly #models: ModelsService;
  readonly #evaluator: PromotionEvaluator;
  readonly #rollouts: RolloutContext;

  constructor(context: RolloutContext) {
    this.#rollouts = context;
    this.#work = context.work;
    this.#models = context.models;
    this.#evaluator = context.evaluator;
  }

  /** Does one step of a due promotion, on behalf of the worker that holds its lease. */
  async next(record: PromotionRecord, holder: string): Promise<void> {
    if (record.operation === 'watch') {
      return watchServing(this.#rollouts, record, holder);
    }
    if (TERMINAL_STATES.includes(record.state)) {
      return releaseServers(this.#rollouts, record, holder);
    }
    if (await this.#expires(record, holder)) {
      return undefined;
    }
    switch (record.state) {
      case 'requested':
        return this.#beginEvaluation(record, holder);
      case 'evaluating':
        return this.#evaluator.evaluate(record, holder);
      case 'scheduled':
        return record.bundle
          ? startTogether(this.#rollouts, record, holder)
          : startRollout(this.#rollouts, record, holder);
      case 'rolling-out':
        return advanceRollout(this.#rollouts, record, holder);
      case 'rolling-back':
        return restoreTraffic(this.#rollouts, record, holder);
      case 'paused':
        return holdsTraffic(record)
          ? watchPaused(this.#rollouts, record, holder)
          : this.#rest(record, holder);
      case 'errored':
        return this.#recover(record, holder);
      default:
        return this.#rest(record, holder);
    }
  }

  /**
   * Writes that a step met technical trouble. It is tried again with growing pauses, five times at most, unless trying
   * the same again cannot mend it. The way back to the version that served, of a rollout or by a rollback, is tried for
   * ever, and is taken when a step cannot be watched any more.
   */
  async trouble(
    record: PromotionRecord,
    holder: string,
    error: unknown,
  ): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    const attempts = record.attempts + 1;
    const isFinal = error instanceof TerminalTrouble;
    const isOver = TERMINAL_STATES.includes(record.state);
    const isReturn =
      !isOver &&
      (record.state === 'rolling-back' || record.kind === 'rollback');
    const again = isReturn || (!isFinal && attempts < MOST_ATTEMPTS);
    const pause = Math.min(
      LONGEST_BACK_OFF_SECONDS,
      FIRST_BACK_OFF_SECONDS * 2 ** Math.min(attempts - 1, 10),
    );
    if (record.state === 'paused') {
      await missWhilePaused(this.#rollouts, record, holder, message);
      return;
    }
    if (!again && isShadowed(record)) {
      await loseComparison(this.#rollouts, record, holder, message);
      return;
    }
    if (!again && isWatched(record)) {
      await loseSignal(this.#rollouts, record, holder, { message, attempts });
      return;
    }
    // Before traffic is touched nothing needs the environment: others may go ahead, and a retry starts from there. What
    // goes together with others stays with them, and nobody goes ahead of a rollback.
    const backToStart =
      record.state === 'rolling-out' &&
      isFinal &&
      !isReturn &&
      !isTrafficTouched(record) &&
      !record.bundle;

    await this.#change(record, async tx => {
      const dueAt = again ? new Date(tx.now.getTime() + pause * 1000) : null;
      if (isOver) {
        await progressPromotion(tx, record, {
          holder,
          set: { attempts, due_at: dueAt },
        });
        return;
      }
      const changed = await changePromotion(tx, record, {
        event: 'fail',
        holder,
        note: {
          actor: ENGINE_ACTOR,
          action: 'promotion.errored',
          summary: `Technical trouble: ${message}; ${
            again
              ? `tried again in ${duration(pause)}`
              : 'a person decides whether to try again'
          }`,
          details: { attempts, final: isFinal },
        },
        set: {
          resume_state: backToStart ? 'scheduled' : record.state,
          error_message: message.slice(0, 2_000),
          attempts,
          ...(again
            ? { given_up: false, due_at: dueAt }
            : givenUpColumns(
                {
                  ...record,
                  state: 'errored',
                  resumeState: record.state,
                },
                tx.now,
              )),
          ...(isFinal && {
            operation_attempt: record.operationAttempt + 1,
            // The next attempt has all of its time
            operation_since: dueAt ?? record.operationSince,
          }),
          ...(backToStart && {
            operation: null,
            step_index: null,
            share: null,
            rollout_started_at: null,
          }),
        },
      });
      if (backToStart) {
        await releaseEnvironmentLock(tx, record);
      }
      if (!again || (isReturn && attempts === MOST_ATTEMPTS)) {
        notifyTrouble(
          tx,
          changed,
          `${record.version} of ${record.modelTitle}: technical trouble`,
          again ? `${message}. It is tried again until it works.` : message,
        );
      }
    });
  }

  async #expires(record: PromotionRecord, holder: string): Promise<boolean> {
    const isWaiting =
      record.state === 'awaiting-approval' || record.state === 'scheduled';
    if (
      !isWaiting ||
      record.expiresAt === null ||
      record.expiresAt > this.#work.now()
    ) {
      return false;
    }
    await this.#change(record, async tx => {
      const changed = await changePromotion(tx, record, {
        event: 'expire',
        holder,
        note: {
          actor: ENGINE_ACTOR,
          action: 'promotion.expired',
          summary: `The time to approve and start ${record.version} in ${record.environment} ran out`,
        },
        set: { due_at: null },
      });
      await endOthers(tx, this.#rollouts.metrics, record, 'expire');
      notifyRequester(
        tx,
        changed,
        `${record.version} of ${record.modelTitle} expired before ${record.environment}`,
        'The time to approve and start it ran out. Request it again if it is still wanted.',
        'normal',
      );
    });
    return true;
  }

  #beginEvaluation(record: PromotionRecord, holder: string): Promise<void> {
    return this.#change(record, async tx => {
      await changePromotion(tx, record, {
        event: 'evaluate',
        holder,
        note: {
          actor: ENGINE_ACTOR,
          action: 'promotion.evaluating',
          summary: `The gates of ${record.environment} are evaluated for ${record.version}`,
        },
        set: { due_at: tx.now },
      });
    });
  }

  /** Tries again, unless that is left to a person; what may take traffic meanwhile is looked at first. */
  async #recover(record: PromotionRecord, holder: string): Promise<void> {
    const failed =
      isHeldByTrouble(record) &&
      (await watchInTrouble(this.#rollouts, record, holder));
    if (!failed && !record.isGivenUp) {
      await this.#retry(record, holder);
    } else if (!failed && !isHeldByTrouble(record)) {
      await this.#rest(record, holder);
    }
  }

  #retry(record: PromotionRecord, holder: string): Promise<void> {
    return this.#change(record, async tx => {
      await changePromotion(tx, record, {
        event: 'retry',
        holder,
        note: {
          actor: ENGINE_ACTOR,
          action: 'promotion.retried',
          summary: `Tried again after: ${record.errorMessage}`,
        },
        set: { due_at: tx.now, resume_state: null },
      });
    });
  }

  /** Due without anything to do: it waits for people, at most until it expires. */
  async #rest(record: PromotionRecord, holder: string): Promise<void> {
    await this.#work
      .knex('promotions')
      .where({ id: record.id, lease_owner: holder, revision: record.revision })
      .update({
        due_at: record.state === 'awaiting-approval' ? record.expiresAt : null,
      });
  }

  #change(
    record: PromotionRecord,
    change: (tx: Transaction) => Promise<void>,
  ): Promise<void> {
    return changeTogether(
      { work: this.#work, models: this.#models },
      record,
      change,
    );
  }
}
