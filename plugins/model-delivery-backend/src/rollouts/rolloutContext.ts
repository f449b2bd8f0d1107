import {
  DeployableVersion,
  DeploymentTarget,
  OperationStatus,
} from '@slipway/backstage-plugin-model-delivery-node';
import { changeTogether } from '../bundles/changeTogether';
import { Transaction, UnitOfWork } from '../database/UnitOfWork';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { ModelsService } from '../models/ModelsService';
import { progressPromotion } from '../promotions/changePromotion';
import { PromotionEvaluator } from '../promotions/PromotionEvaluator';
import { PromotionColumns } from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { VersionsService } from '../versions/VersionsService';
import { duration, secondsBetween } from '../words';
import { findSteps, StepRecord } from './stepStore';
import { Targets } from './targets';
import { TerminalTrouble } from './TerminalTrouble';

/** How often a deployer's unfinished operation is asked about, in milliseconds. */
export const POLL_MS = 1_000;
/** The longest time between two looks at a step that runs, in milliseconds. */
const LONGEST_ANALYSIS_MS = 10_000;
/** How long an operation of a deployer may take, in seconds, unless the deployer says otherwise. */
const OPERATION_LIMIT_SECONDS = 15 * 60;

/** How often a window may be extended while samples are missing, as a multiple of it. */
export const MOST_WINDOWS = 10;

/** What the steps of a rollout work with. */
export interface RolloutContext {
  work: UnitOfWork;
  models: ModelsService;
  versions: VersionsService;
  metrics: MetricsRecorder;
  evaluator: PromotionEvaluator;
  targets: Targets;
}

/** Where a promotion deploys to. */
export function targetOf(
  record: Pick<PromotionRecord, 'modelRef' | 'environment'>,
): DeploymentTarget {
  return { model: record.modelRef, environment: record.environment };
}

/** The key under which a deployer does one operation of a promotion once. */
export function keyOf(record: PromotionRecord, operation: string): string {
  return `promotion-${record.id}:${operation}:${record.operationAttempt}`;
}

/** Runs a change of a promotion's rollout in one transaction. */
export function changeRollout(
  context: RolloutContext,
  record: PromotionRecord,
  change: (tx: Transaction, models: Set<string>) => Promise<void>,
): Promise<void> {
  return changeTogether(context, record, change);
}

/** Writes progress that is of no interest to the audit log; due at once unless it says otherwise. */
export function progressRollout(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  set: (tx: Transaction) => PromotionColumns,
): Promise<void> {
  return changeRollout(context, record, async tx => {
    await progressPromotion(tx, record, {
      holder,
      set: { due_at: tx.now, attempts: 0, error_message: null, ...set(tx) },
    });
  });
}

/** Whether a deployer's operation is done; while it is not, it is asked again in a moment. */
export async function isDone(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  status: OperationStatus,
): Promise<boolean> {
  if (status.state === 'done') {
    return true;
  }
  if (status.state === 'failed') {
    throw new TerminalTrouble(status.message);
  }
  const now = context.work.now();
  const taken = record.operationSince
    ? secondsBetween(record.operationSince, now)
    : 0;
  const limit =
    context.targets.deployerOf(targetOf(record))?.operationLimitSeconds ??
    OPERATION_LIMIT_SECONDS;
  if (taken > limit) {
    throw new TerminalTrouble(
      `The deployer has not finished after ${duration(taken)}${
        status.message ? `: ${status.message}` : ''
      }`,
    );
  }
  const pause = Math.max(POLL_MS, (status.askAgainAfterSeconds ?? 0) * 1000);
  await lookAgain(context, record, holder, new Date(now.getTime() + pause));
  return false;
}

/** Has the worker come back at a moment, without anything having changed that anybody should hear of. */
export async function lookAgain(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
  at: Date,
): Promise<void> {
  await context.work
    .knex('promotions')
    .where({ id: record.id, lease_owner: holder, revision: record.revision })
    .update({ due_at: at });
}

/**
 * The analysis interval of a step in milliseconds: how often it is looked at while it runs. A tenth of its window, at
 * least one second and at most ten.
 */
export function analysisInterval({
  windowSeconds,
}: Pick<StepRecord, 'windowSeconds'>): number {
  return Math.min(LONGEST_ANALYSIS_MS, Math.max(POLL_MS, windowSeconds * 100));
}

/** The step that a rollout is at. */
export async function stepOf(
  context: RolloutContext,
  record: PromotionRecord,
): Promise<StepRecord> {
  const steps = await findSteps(context.work.knex, record.id);
  const step = steps[record.stepIndex ?? 0];
  if (!step) {
    throw new TerminalTrouble(
      `Promotion ${record.id} has no step ${record.stepIndex}`,
    );
  }
  return step;
}

/** A version as a deployer needs to know it: all of the release. */
export async function deployable(
  context: RolloutContext,
  versionId: string,
): Promise<DeployableVersion> {
  const version = await context.versions.byId(context.work.knex, versionId);
  const { artifact, parameters, configuration, baseModel } = version.parts;
  return {
    version: version.name,
    digest: version.digest,
    artifactDigest: artifact.digest,
    ...(artifact.uri && { artifactUri: artifact.uri }),
    parameters,
    ...(configuration.length > 0 && {
      configuration: [...configuration].sort((one, other) =>
        one.name < other.name ? -1 : 1,
      ),
    }),
    ...(baseModel && { baseModel }),
  };
}
