import {
  findRollbackTarget,
  findServing,
} from '../deployments/deploymentStore';
import { progressPromotion } from '../promotions/changePromotion';
import { findOpenPromotions } from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
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
  await context.work.run(tx =>
    progressPromotion(tx, record, {
      holder,
      set: { operation: null, due_at: null, attempts: 0 },
    }),
  );
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
  if (warm) {
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
