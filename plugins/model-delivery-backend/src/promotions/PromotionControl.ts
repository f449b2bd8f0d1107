import { ConflictError } from '@backstage/errors';
import {
  ApiSchemas,
  promotionControlPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { checkAgentsEvent, reasonWithAgent } from '../access/agents';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { Transaction } from '../database/UnitOfWork';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { findLateObstacle } from '../rollouts/firstTraffic';
import { repeatShadow } from '../rollouts/shadowStore';
import { skipStep, updateStep } from '../rollouts/stepStore';
import { findTogether } from '../bundles/bundlePromotionStore';
import { changeTogether } from '../bundles/changeTogether';
import { eventFor, eventsTogether } from '../bundles/together';
import { requirePerson } from '../people/requireRole';
import { round } from '../words';
import { changePromotion, staleError } from './changePromotion';
import { notifyTrouble } from './notifications';
import { PromotionEvaluator } from './PromotionEvaluator';
import { lockPromotion, requirePromotion } from './promotionStore';
import { StepSkipping } from './StepSkipping';
import { StopEvent, stopPromotion } from './stopPromotion';
import { allowedEvents } from './toPromotion';
import { transitionColumns } from './transitionColumns';
import { isTrafficTouched } from './transitions';
import { PromotionRecord } from './types';

type TransitionRequest = ApiSchemas['TransitionRequest'];

const DONE: Record<TransitionRequest['event'], string> = {
  pause: 'Paused',
  resume: 'Resumed',
  skip: 'Step skipped',
  abort: 'Aborted',
  cancel: 'Cancelled',
  retry: 'Tried again',
  're-evaluate': 'Evaluated again',
};

const ACTIONS: Record<
  Exclude<TransitionRequest['event'], StopEvent>,
  string
> = {
  pause: 'paused',
  resume: 'resumed',
  skip: 'step-skipped',
  retry: 'retried',
  're-evaluate': 're-evaluated',
};

/** Lets people pause, resume, skip a step, abort, cancel, retry and re-evaluate promotions. */
export class PromotionControl {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer'>;
  readonly #models: ModelsService;
  readonly #metrics: MetricsRecorder;
  readonly #skipping: StepSkipping;
  readonly #evaluator: PromotionEvaluator;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer'>;
    models: ModelsService;
    metrics: MetricsRecorder;
    skipping: StepSkipping;
    evaluator: PromotionEvaluator;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#metrics = options.metrics;
    this.#skipping = options.skipping;
    this.#evaluator = options.evaluator;
  }

  /**
   * Lets an event happen, if the promotion is still what the caller saw.
   * @throws ConflictError when it is not, or when the event is not possible in its state; NotAllowedError
   */
  async transition(
    principal: Principal,
    id: string,
    body: TransitionRequest,
  ): Promise<PromotionRecord> {
    const { work, authorizer } = this.#context;
    const record = await requirePromotion(work.knex, id);
    const together = await findTogether(work.knex, record);
    const isSkip = body.event === 'skip';
    for (const each of isSkip ? [] : together) {
      await authorizer.requireOnModel(
        principal,
        promotionControlPermission,
        toModelResource(
          { ref: each.modelRef, owner: each.owner, risk: each.risk },
          each.environment,
        ),
      );
    }
    checkAgentsEvent(principal, body, body.event);
    if (body.event === 'resume') {
      requirePerson(principal, 'resume rollouts');
    }
    if (isSkip) {
      await this.#skipping.requireSkipper(principal, record);
    }
    if (record.revision !== body.revision) {
      throw staleError(
        record,
        record,
        `you looked at revision ${body.revision}; look at it again`,
      );
    }
    const possible = eventsTogether(together, allowedEvents);
    if (!possible.includes(body.event)) {
      const hint =
        body.event === 'cancel' && possible.includes('abort')
          ? '; its traffic has moved, so abort it to move it back'
          : '';
      throw new ConflictError(
        `Promotion ${record.id} is ${record.state}: '${
          body.event
        }' is not possible now${hint || possibleText(possible)}`,
      );
    }
    for (const each of body.event === 'retry' ? together : []) {
      await this.#refuseLateRetry(each);
    }
    const reason = reasonWithAgent(
      principal,
      body,
      body.reason,
      'request/body/reason',
    );
    const samples = isSkip
      ? await this.#skipping.requireHarmless(record, reason)
      : null;
    return changeTogether({ work, models: this.#models }, record, async tx => {
      if (isSkip) {
        await requireSameStep(tx, record);
      }
      const changed = await this.#applyTogether(
        tx,
        record,
        principal.ref,
        body.event,
        reason,
      );
      if (isSkip) {
        await skipStep(tx, record, { by: principal.ref, reason, samples });
      }
      return changed;
    });
  }

  /**
   * Trouble may have lasted for days when somebody tries again to give a version its first traffic. What then keeps it out
   * cannot be mended by going back to the gates, since nobody knows what the target has done so far.
   * @throws ConflictError
   */
  async #refuseLateRetry(record: PromotionRecord): Promise<void> {
    const isFirst =
      record.state === 'errored' &&
      record.resumeState === 'rolling-out' &&
      record.operation === 'traffic' &&
      record.stepIndex === 0;
    const late = isFirst
      ? await findLateObstacle(this.#context.work.knex, this.#evaluator, record)
      : undefined;
    if (late) {
      throw new ConflictError(
        `${record.version} may not take traffic of ${record.environment} now: ${late}. Abort the promotion, and request it again`,
      );
    }
  }

  /** Aborts a rollout, with all that go together with it, within the transaction of what takes its place. */
  async abort(
    tx: Transaction,
    record: PromotionRecord,
    actor: string,
    reason: string,
  ): Promise<PromotionRecord> {
    return this.#applyTogether(tx, record, actor, 'abort', reason);
  }

  /** Cancels one whose traffic is not touched, within the transaction of what takes its place. */
  async cancel(
    tx: Transaction,
    record: PromotionRecord,
    actor: string,
    reason: string,
  ): Promise<PromotionRecord> {
    const current = (await lockPromotion(tx, record.id)) ?? record;
    return this.#apply(tx, current, actor, 'cancel', reason);
  }

  /**
   * Lets an event happen to a promotion and to all that go together with it, as they are by now: each is locked first, since
   * a worker moves on within a state without another revision, and what may still be cancelled may have traffic by then.
   */
  async #applyTogether(
    tx: Transaction,
    record: PromotionRecord,
    actor: string,
    event: TransitionRequest['event'],
    reason: string | undefined,
  ): Promise<PromotionRecord> {
    let changed = record;
    for (const { id } of await findTogether(tx.knex, record)) {
      const each = (await lockPromotion(tx, id)) ?? record;
      const isThis = id === record.id;
      const happens = eventFor(each, event);
      if (isThis && each.revision !== record.revision) {
        throw staleError(record, each);
      }
      if (isThis && !happens && !record.bundle) {
        throw staleError(
          record,
          each,
          `'${event}' is not possible any more; look at it again`,
        );
      }
      if (happens) {
        const after = await this.#apply(tx, each, actor, happens, reason);
        changed = isThis ? after : changed;
      }
    }
    return changed;
  }

  async #apply(
    tx: Transaction,
    record: PromotionRecord,
    actor: string,
    event: TransitionRequest['event'],
    reason: string | undefined,
  ): Promise<PromotionRecord> {
    const summary = `${
      event === 'skip' ? skipped(record) : DONE[event]
    } by a person${reason ? `: ${reason}` : ''}`;
    if (event === 'abort' || event === 'cancel') {
      const stopped = await stopPromotion(tx, this.#metrics, record, {
        event,
        actor,
        summary,
        details: { reason: reason ?? null },
      });
      if (event === 'abort') {
        notifyTrouble(
          tx,
          stopped,
          `The rollout of ${record.version} was aborted`,
          reason ?? `Aborted by ${actor}.`,
        );
      }
      return stopped;
    }
    if (event === 'resume' && isTrafficTouched(record)) {
      await repeatStep(tx, record);
    }
    if (event === 'resume' && record.operation === 'compare') {
      await repeatShadow(tx.knex, record.id, record.operationAttempt + 1);
    }
    if (event === 'resume' && record.operation === 'check') {
      await repeatStep(tx, record);
    }
    return changePromotion(tx, record, {
      event,
      note: {
        actor,
        action: `promotion.${ACTIONS[event]}`,
        summary,
        details: {
          event,
          reason: reason ?? null,
          ...(event === 'skip' && { step: record.stepIndex }),
        },
      },
      set: transitionColumns(tx, record, event),
    });
  }
}

/**
 * Whoever skips looked at one step.
 * @throws StaleStateError when the rollout has moved on to another meanwhile
 */
async function requireSameStep(
  tx: Transaction,
  record: PromotionRecord,
): Promise<void> {
  const current = await lockPromotion(tx, record.id);
  if (
    current?.stepIndex !== record.stepIndex ||
    current?.operation !== record.operation
  ) {
    throw staleError(record, current);
  }
}

/** Has the present step judged anew, from its start. */
async function repeatStep(
  tx: Transaction,
  record: PromotionRecord,
): Promise<void> {
  await updateStep(tx.knex, record.id, record.stepIndex ?? 0, {
    state: 'pending',
    started_at: null,
    ends_at: null,
    judged_at: null,
    samples: null,
    analysis: '[]',
    attempt: record.operationAttempt + 1,
  });
}

/** The step that was left out, by its share: `Step 25 % skipped, which is not a pass,`. */
function skipped({ share }: PromotionRecord): string {
  return `Step ${round(share ?? 0, 1)} % skipped, which is not a pass,`;
}

function possibleText(possible: string[]): string {
  return possible.length > 0 ? `; possible: ${possible.join(', ')}` : '';
}
