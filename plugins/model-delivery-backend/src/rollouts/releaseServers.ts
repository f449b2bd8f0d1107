import { findControl, findServing } from '../deployments/deploymentStore';
import { findRollbackTarget } from '../deployments/verifiedStore';
import { progressPromotion } from '../promotions/changePromotion';
import {
  findOpenPromotions,
  findPromotion,
  PromotionColumns,
} from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { keptUntil } from '../watches/watchPlan';
import { findWatch, WatchRecord } from '../watches/watchStore';
import { isDone, keyOf, RolloutContext, targetOf } from './rolloutContext';
import { endMirror } from './shadowCandidate';

/**
 * Takes down the servers that nobody needs any more. What serves, what a rollback would restore and what is on its way
 * stay up.
 */
export async function releaseServers(
  context: RolloutContext,
  record: PromotionRecord,
  holder: string,
): Promise<void> {
  const target = targetOf(record);
  const deployer = context.targets.requireDeployer(target);
  if (!(await endMirror(context, record, holder))) {
    return;
  }
  const { shares, versions } = await deployer.observe(target);
  const needed = await findNeeded(context, record);
  shares
    .filter(each => each.share > 0)
    .forEach(each => needed.add(each.version));
  for (const { version } of versions) {
    if (!needed.has(version)) {
      const status = await deployer.release({
        operationKey: keyOf(record, `release-${version}`),
        target,
        version,
      });
      if (!(await isDone(context, record, holder, status))) {
        return;
      }
    }
  }
  const watch = await findWatch(context.work.knex, record.id);
  await context.work.run(tx =>
    progressPromotion(tx, record, {
      holder,
      set: { attempts: 0, ...whatIsLeft(record, watch, tx.now) },
    }),
  );
}

/** What is still to be done for a version that serves: it is watched, and at last the one before is let go. */
function whatIsLeft(
  record: PromotionRecord,
  watch: WatchRecord | undefined,
  now: Date,
): PromotionColumns {
  if (watch?.state === 'watching') {
    return { operation: 'watch', operation_since: now, due_at: now };
  }
  const kept =
    record.state === 'succeeded'
      ? keptUntil(record.plan, record.rolloutFinishedAt)
      : undefined;
  return kept && kept > now
    ? { due_at: kept }
    : { operation: null, due_at: null };
}

/** Versions whose servers stay up. */
async function findNeeded(
  context: RolloutContext,
  record: PromotionRecord,
): Promise<Set<string>> {
  const { knex } = context.work;
  const needed = new Set<string>();
  for (const each of await findServing(
    knex,
    record.modelRef,
    record.environment,
  )) {
    needed.add(each.version);
  }
  const warm = await findRollbackTarget(
    knex,
    record.modelRef,
    record.environment,
  );
  if (warm && !(await isLetGo(context, record))) {
    needed.add(warm.version);
  }
  for (const each of await findOpenPromotions(
    knex,
    record.modelRef,
    record.environment,
  )) {
    needed.add(each.version);
  }
  return needed;
}

/** Whether what serves has done so for as long as its policy keeps the version before it. */
async function isLetGo(
  { work }: RolloutContext,
  { modelRef, environment }: PromotionRecord,
): Promise<boolean> {
  const control = await findControl(work.knex, modelRef, environment);
  const brought =
    control?.kind === 'promotion' && control.promotionId
      ? await findPromotion(work.knex, control.promotionId)
      : undefined;
  const kept = brought && keptUntil(brought.plan, brought.rolloutFinishedAt);
  return kept !== undefined && kept <= work.now();
}
