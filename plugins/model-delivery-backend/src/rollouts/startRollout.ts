import {
  PromotionState,
  RolloutPlan,
} from '@slipway/backstage-plugin-model-delivery-common';
import { bypassedText } from '../breakGlass/words';
import { Transaction } from '../database/UnitOfWork';
import { findControl } from '../deployments/deploymentStore';
import { DeploymentFact } from '../deployments/types';
import { isStillThere } from '../outsideChanges/adoption';
import {
  changePromotion,
  ENGINE_ACTOR,
  progressPromotion,
} from '../promotions/changePromotion';
import { findOpenPromotions } from '../promotions/promotionStore';
import { sendToGates } from '../promotions/reEvaluate';
import { PromotionRecord } from '../promotions/types';
import { round } from '../words';
import { releaseEnvironmentLock, takeEnvironmentLock } from './environmentLock';
import { changeRollout, RolloutContext, targetOf } from './rolloutContext';
import { goesFirst, makeWay } from './makeWay';
import { replaceSteps } from './stepStore';

/** How long to wait before looking whether an environment is free, if nobody says so, in milliseconds. */
const LOCK_POLL_MS = 30_000;
/** The same for a rollback, which is to begin as soon as it can. */
const ROLLBACK_POLL_MS = 2_000;

/** Said of an adoption until the lookout has seen what there is now, by which it is then evaluated again. */
const NOT_AS_FOUND =
  'traffic is not as it was found any more; it is looked at again';

/** States of a promotion that is about to start. */
const COMING: readonly PromotionState[] = [
  'requested',
  'evaluating',
  'scheduled',
];

/** Begins the rollout of a `scheduled` promotion, once the environment is free and what was approved still holds. */
export async function startRollout(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const isRollback = record.kind === 'rollback';
  const deployer = context.targets.requireDeployer(targetOf(record));
  const isThere =
    record.plan.adoptedShare === undefined ||
    isStillThere(record, await deployer.observe(targetOf(record)));
  const stale = isRollback
    ? undefined
    : await context.evaluator.findStaleness(record);
  const hold = isRollback
    ? undefined
    : await context.evaluator.findHold(record);
  await changeRollout(context, record, async (tx, models) => {
    if (stale) {
      await sendToGates(tx, record, { why: stale, holder });
      return;
    }
    if (!isThere) {
      await waitFor(tx, record, holder, NOT_AS_FOUND);
      return;
    }
    if (hold) {
      await waitFor(tx, record, holder, hold.why, hold.until);
      return;
    }
    if (goesFirst(record)) {
      const stopped = await makeWay(tx, context.metrics, [record]);
      stopped.forEach(each => models.add(each));
    }
    const ahead = await findAhead(tx, record);
    if (ahead) {
      await waitFor(tx, record, holder, ahead);
      return;
    }
    const control = await findControl(
      tx.knex,
      record.modelRef,
      record.environment,
    );
    if (!isRollback && (control?.id ?? null) !== record.fromDeploymentId) {
      await releaseEnvironmentLock(tx, record);
      await sendToGates(tx, record, {
        why: `${control?.version ?? 'nothing'} serves there now`,
        holder,
      });
      return;
    }
    await beginRollout(tx, record, control, holder);
  });
}

/** Whether a version is compared with what serves beside it before it has all traffic, or can be switched back to that. */
function isBeside({ strategy, shadow }: RolloutPlan): boolean {
  return strategy !== 'direct' || shadow !== undefined;
}

function firstThing({
  strategy,
  shadow,
  steps,
  adoptedShare,
}: RolloutPlan): string {
  if (adoptedShare !== undefined) {
    return `it has ${round(adoptedShare, 1)} % already and keeps them`;
  }
  if (shadow) {
    return 'first it is shadowed, without serving anybody';
  }
  return strategy === 'blue-green'
    ? 'all traffic switches at once when it is ready'
    : `first step ${steps[0].share} %`;
}

/** Begins the rollout of a promotion that nothing keeps back any more. */
export async function beginRollout(
  tx: Transaction,
  record: PromotionRecord,
  control: DeploymentFact | undefined,
  holder?: string,
): Promise<void> {
  await replaceSteps(tx.knex, record.id, record.plan);
  await changePromotion(tx, record, {
    event: 'start',
    holder,
    note: {
      actor: ENGINE_ACTOR,
      action: 'promotion.started',
      summary: isBeside(record.plan)
        ? `Rollout of ${record.version} to ${
            record.environment
          } begins, beside ${control?.version}; ${firstThing(record.plan)}`
        : `Rollout of ${record.version} to ${record.environment} begins, ${
            record.plan.adoptedShare === undefined
              ? 'all traffic at once'
              : 'which has all traffic already: none is moved'
          }${
            record.breakGlass
              ? `, past ${bypassedText(record.breakGlass.bypassed)}`
              : ''
          }${control ? '' : ': nothing serves there to compare it with'}`,
      details: {
        plan: record.plan,
        ...(record.breakGlass && { bypassed: record.breakGlass.bypassed }),
      },
    },
    set: {
      from_version_id: control?.versionId ?? null,
      from_deployment_id: control?.id ?? null,
      operation:
        isBeside(record.plan) || record.breakGlass
          ? 'prepare-control'
          : 'prepare',
      operation_since: tx.now,
      step_index: 0,
      share: 0,
      obstacle: null,
      rollout_started_at: tx.now,
      rollout_finished_at: null,
      attempts: 0,
      error_message: null,
      due_at: tx.now,
    },
  });
}

/**
 * Who goes first in the environment: whoever holds its lock; of those that wait a rollback before anything, then
 * emergencies.
 */
export async function findAhead(
  tx: Transaction,
  record: PromotionRecord,
): Promise<string | undefined> {
  if (record.kind === 'promotion') {
    const open = await findOpenPromotions(
      tx.knex,
      record.modelRef,
      record.environment,
    );
    const rollback = open.find(each => each.kind === 'rollback');
    if (rollback) {
      return `it waits for the rollback ${rollback.id}`;
    }
    const emergency = [...open]
      .reverse()
      .find(
        each =>
          each.breakGlass !== null &&
          COMING.includes(each.state) &&
          (record.breakGlass === null || each.id < record.id),
      );
    if (emergency) {
      return `it waits for the emergency promotion ${emergency.id}, which goes first`;
    }
    if (record.breakGlass) {
      return waitForLock(tx, record);
    }
    // First come, first served: of those that could start, the one that was asked for first
    const earlier = open.filter(
      each =>
        placeOf(each) < placeOf(record) &&
        each.state === 'scheduled' &&
        (each.bundle
          ? each.bundle.isQueued
          : each.dueAt !== null && each.dueAt <= tx.now),
    );
    if (earlier.length > 0) {
      return `it waits for promotion ${earlier[0].id}, which was asked for before`;
    }
  }
  return waitForLock(tx, record);
}

/** The place in every queue: those that go together have one, so that queues agree on who comes first. */
function placeOf(record: PromotionRecord): number {
  return record.bundle?.leadId ?? record.id;
}

async function waitForLock(
  tx: Transaction,
  record: PromotionRecord,
): Promise<string | undefined> {
  const { holder } = await takeEnvironmentLock(tx, record);
  return holder === record.id
    ? undefined
    : `it waits for promotion ${holder}, which moves traffic of ${
        record.environment
      }${record.breakGlass ? '; then it goes before all others' : ''}`;
}

/** Has a scheduled promotion wait, and says for what. */
export async function waitFor(
  tx: Transaction,
  record: PromotionRecord,
  holder: string,
  why: string,
  until = new Date(
    tx.now.getTime() +
      (record.kind === 'rollback' ? ROLLBACK_POLL_MS : LOCK_POLL_MS),
  ),
): Promise<void> {
  await progressPromotion(tx, record, {
    holder,
    set: {
      obstacle: why,
      due_at:
        record.expiresAt && record.expiresAt < until ? record.expiresAt : until,
    },
    ...(record.obstacle !== why && {
      note: {
        actor: ENGINE_ACTOR,
        action: 'promotion.waits',
        summary: `${record.version} to ${record.environment}: ${why}`,
      },
    }),
  });
}
