import { ConflictError } from '@backstage/errors';
import {
  ApiSchemas,
  promotionControlPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { checkAgentsEvent, reasonWithAgent } from '../access/agents';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { Transaction } from '../database/UnitOfWork';
import { recordFailure } from '../deployments/occupancy';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { releaseEnvironmentLock } from '../rollouts/environmentLock';
import { repeatShadow } from '../rollouts/shadowStore';
import { skipRest, skipStep, updateStep } from '../rollouts/stepStore';
import { findTogether } from '../bundles/bundlePromotionStore';
import { changeTogether } from '../bundles/changeTogether';
import { eventFor, eventsTogether } from '../bundles/together';
import { round } from '../words';
import { changePromotion, staleError } from './changePromotion';
import { notifyTrouble } from './notifications';
import { requirePromotion } from './promotionStore';
import { StepSkipping } from './StepSkipping';
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

const ACTIONS: Record<TransitionRequest['event'], string> = {
  pause: 'paused',
  resume: 'resumed',
  skip: 'step-skipped',
  abort: 'aborted',
  cancel: 'cancelled',
  retry: 'retried',
  're-evaluate': 're-evaluated',
};

/** Lets people pause, resume, skip a step, abort, cancel, retry and re-evaluate promotions. */
export class PromotionControl {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer'>;
  readonly #models: ModelsService;
  readonly #metrics: MetricsRecorder;
  readonly #skipping: StepSkipping;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer'>;
    models: ModelsService;
    metrics: MetricsRecorder;
    skipping: StepSkipping;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#metrics = options.metrics;
    this.#skipping = options.skipping;
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
    return this.#apply(tx, record, actor, 'cancel', reason);
  }

  /** Lets an event happen to a promotion and to all that go together with it, as they are by now. */
  async #applyTogether(
    tx: Transaction,
    record: PromotionRecord,
    actor: string,
    event: TransitionRequest['event'],
    reason: string | undefined,
  ): Promise<PromotionRecord> {
    let changed = record;
    for (const each of record.bundle
      ? await findTogether(tx.knex, record)
      : [record]) {
      const isThis = each.id === record.id;
      const happens = eventFor(each, event);
      if (isThis && each.revision !== record.revision) {
        throw staleError(record, each);
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
    if (event === 'abort' && isTrafficTouched(record)) {
      await recordFailure(tx, this.#metrics, record);
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
    const changed = await changePromotion(tx, record, {
      event,
      note: {
        actor,
        action: `promotion.${ACTIONS[event]}`,
        summary: `${
          event === 'skip' ? skipped(record) : DONE[event]
        } by a person${reason ? `: ${reason}` : ''}`,
        details: {
          event,
          reason: reason ?? null,
          ...(event === 'skip' && { step: record.stepIndex }),
        },
      },
      set: transitionColumns(tx, record, event),
    });
    if (event === 'cancel') {
      await skipRest(tx.knex, record.id);
      await releaseEnvironmentLock(tx, record);
    }
    if (event === 'abort') {
      notifyTrouble(
        tx,
        changed,
        `The rollout of ${record.version} was aborted`,
        reason ?? `Aborted by ${actor}.`,
      );
    }
    return changed;
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
