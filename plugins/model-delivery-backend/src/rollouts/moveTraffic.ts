import { RolloutPlan } from '@slipway/backstage-plugin-model-delivery-common';
import { Transaction } from '../database/UnitOfWork';
import { findDeploymentOf } from '../deployments/deploymentStore';
import {
  recordReturn,
  recordRollback,
  recordTraffic,
} from '../deployments/occupancy';
import {
  changePromotion,
  ENGINE_ACTOR,
  progressPromotion,
} from '../promotions/changePromotion';
import {
  isSpokesman,
  notifyRequester,
  whatOf,
} from '../promotions/notifications';
import { reEvaluateComparedWith } from '../promotions/reEvaluate';
import { PromotionRecord, RolloutOperation } from '../promotions/types';
import { round } from '../words';
import { releaseEnvironmentLock } from './environmentLock';
import {
  analysisInterval,
  changeRollout,
  deployable,
  isDone,
  keyOf,
  progressRollout,
  RolloutContext,
  stepOf,
  targetOf,
} from './rolloutContext';
import { settledColumns, succeed } from './settle';
import { endMirror } from './shadowCandidate';
import { skipRest, updateStep } from './stepStore';
import { arrive, towardsTraffic } from '../bundles/arrive';

/** Sees to it that what serves has a server to return to. */
export async function prepareControl(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const target = targetOf(record);
  const deployer = context.targets.requireDeployer(target);
  const state = await deployer.observe(target);
  const isReady = state.versions.some(
    each => each.version === record.fromVersion && each.ready,
  );
  if (!isReady && record.fromVersionId) {
    // A canary needs something to return to: what serves by the history but has no server gets one.
    const status = await deployer.prepare({
      operationKey: keyOf(record, 'prepare-control'),
      target,
      version: await deployable(context, record.fromVersionId),
    });
    if (!(await isDone(context, record, holder, status))) {
      return;
    }
  }
  const needsTraffic =
    afterPrepare(record.plan) !== 'traffic' &&
    !state.shares.some(each => each.share > 0);
  if (needsTraffic && record.fromVersion) {
    // It was put there by other means, or the target lost it: without requests there is nothing to compare with.
    const status = await deployer.setTraffic({
      operationKey: keyOf(record, 'traffic-control'),
      target,
      shares: [{ version: record.fromVersion, share: 100 }],
    });
    if (!(await isDone(context, record, holder, status))) {
      return;
    }
  }
  await progressRollout(context, record, holder, tx => ({
    operation: 'prepare',
    operation_since: tx.now,
  }));
}

/** Brings the candidate up beside it, without traffic. */
export async function prepareCandidate(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const target = targetOf(record);
  const deployer = context.targets.requireDeployer(target);
  // A target may set what it brings up apart from traffic: what is adopted is up and has some
  const isUp =
    record.plan.adoptedShare !== undefined &&
    (await deployer.observe(target)).versions.some(
      each => each.version === record.version && each.ready,
    );
  if (
    isUp ||
    (await isDone(
      context,
      record,
      holder,
      await deployer.prepare({
        operationKey: keyOf(record, 'prepare'),
        target,
        version: await deployable(context, record.versionId),
      }),
    ))
  ) {
    await changeRollout(context, record, async tx => {
      const next = afterPrepare(record.plan);
      await progressPromotion(tx, record, {
        holder,
        set: {
          ...(next === 'traffic'
            ? await towardsTraffic(tx, record)
            : { operation: next, operation_since: tx.now }),
          due_at: tx.now,
          attempts: 0,
          error_message: null,
        },
      });
    });
  }
}

function afterPrepare({ shadow, strategy }: RolloutPlan): RolloutOperation {
  if (shadow) {
    return 'mirror';
  }
  return strategy === 'blue-green' ? 'check' : 'traffic';
}

/** Gives the candidate the share of the present step. */
export async function moveTraffic(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const target = targetOf(record);
  const step = await stepOf(context, record);
  const rest = 100 - step.share;
  const status = await context.targets.requireDeployer(target).setTraffic({
    operationKey: keyOf(record, `traffic-${step.index}`),
    target,
    shares: [
      { version: record.version, share: step.share },
      ...(rest > 0 && record.fromVersion
        ? [{ version: record.fromVersion, share: rest }]
        : []),
    ],
  });
  if (!(await isDone(context, record, holder, status))) {
    return;
  }
  await changeRollout(context, record, async tx => {
    const watched = step.windowSeconds > 0 && record.plan.metrics.length > 0;
    const endsAt = new Date(tx.now.getTime() + step.windowSeconds * 1000);
    if (record.kind === 'rollback') {
      await recordRollback(tx, context.metrics, record);
    } else {
      await recordTraffic(tx, context.metrics, record, step.share);
    }
    if (step.share >= 100) {
      await serviceChanged(tx, record, record.version);
    }
    await updateStep(tx.knex, record.id, step.index, {
      state: watched ? 'running' : 'passed',
      started_at: tx.now,
      ends_at: endsAt,
      judged_at: watched ? null : tx.now,
      samples: null,
      analysis: '[]',
    });
    const moved = await progressPromotion(tx, record, {
      holder,
      note: {
        actor: ENGINE_ACTOR,
        action: 'promotion.traffic-moved',
        summary: `${record.version} takes ${round(
          step.share,
          1,
        )} % of the traffic of ${record.environment}`,
        details: { share: step.share, step: step.index },
      },
      set: {
        share: step.share,
        operation: 'observe',
        operation_since: tx.now,
        attempts: 0,
        error_message: null,
        due_at: new Date(tx.now.getTime() + analysisInterval(step)),
        ...(!watched &&
          record.bundle && {
            ...(await arrive(tx, record, 'passed')),
            due_at: tx.now,
          }),
      },
    });
    if (!watched && !record.bundle) {
      await succeed(tx, moved, holder);
    }
  });
}

/** Gives all traffic back to what served before a promotion in `rolling-back`. */
export async function restoreTraffic(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const target = targetOf(record);
  const back = record.fromVersion;
  if (
    !(await endMirror(context, record, holder)) ||
    !(await hasServer(context, record, holder))
  ) {
    return;
  }
  const status = await context.targets.requireDeployer(target).setTraffic({
    operationKey: keyOf(record, 'restore'),
    target,
    shares: back ? [{ version: back, share: 100 }] : [],
  });
  if (!(await isDone(context, record, holder, status))) {
    return;
  }
  await changeRollout(context, record, async tx => {
    const served =
      (await findDeploymentOf(tx.knex, record.id, 'promotion')) !== undefined;
    await recordReturn(tx, context.metrics, record);
    if (back && record.share === 100) {
      await serviceChanged(tx, record, back);
    }
    await skipRest(tx.knex, record.id);
    const changed = await changePromotion(tx, record, {
      event: 'restore',
      holder,
      note: {
        actor: ENGINE_ACTOR,
        action: 'promotion.rolled-back',
        summary: back
          ? returned(record, back, served)
          : `${record.version} was taken off ${record.environment}; nothing serves there`,
      },
      set: { ...settledColumns(tx), share: served ? 0 : null },
    });
    await releaseEnvironmentLock(tx, record);
    if (isSpokesman(record)) {
      notifyRequester(
        tx,
        changed,
        `${whatOf(record)} was rolled back`,
        back
          ? `${returned(record, back, served)}.`
          : `Nothing serves in ${record.environment}.`,
        'high',
      );
    }
  });
}

/** Another version serves all traffic of the environment now. */
function serviceChanged(
  tx: Transaction,
  record: PromotionRecord,
  version: string,
): Promise<void> {
  return reEvaluateComparedWith(
    tx,
    { ...record, tier: record.environmentTier },
    {
      except: record.id,
      why: `${version} serves in ${record.environment} now`,
    },
  );
}

function returned(
  { version, environment }: PromotionRecord,
  back: string,
  served: boolean,
): string {
  return served
    ? `${back} serves all traffic of ${environment} again`
    : `${version} served nobody; ${back} serves all traffic of ${environment}`;
}

/**
 * Whether the deployer knows a server of what served before. One that was lost is brought up again first, since traffic
 * cannot go where nothing answers.
 */
async function hasServer(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<boolean> {
  const target = targetOf(record);
  const deployer = context.targets.requireDeployer(target);
  const { versions } = await deployer.observe(target);
  if (
    !record.fromVersionId ||
    versions.some(each => each.version === record.fromVersion)
  ) {
    return true;
  }
  const status = await deployer.prepare({
    operationKey: keyOf(record, 'restore-prepare'),
    target,
    version: await deployable(context, record.fromVersionId),
  });
  return isDone(context, record, holder, status);
}
