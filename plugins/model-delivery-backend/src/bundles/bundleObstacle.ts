import { Knex } from 'knex';
import { findControl } from '../deployments/deploymentStore';
import { PromotionRecord } from '../promotions/types';
import { findMembers } from './bundlePromotionStore';
import { findBundles } from './bundleStore';
import { BundleMember } from './types';

/** Entity refs of the models of a promotion's bundle; undefined where it goes alone. */
export async function modelsOf(
  knex: Knex,
  record: Pick<PromotionRecord, 'bundle'>,
): Promise<string[] | undefined> {
  return record.bundle
    ? knex('bundle_members')
        .where({ bundle_id: record.bundle.bundleId })
        .pluck('model_ref')
    : undefined;
}

/** Members of a promotion's bundle that need not move, since they serve there already; none for a rollback. */
export async function findKept(
  knex: Knex,
  record: PromotionRecord,
): Promise<BundleMember[]> {
  if (!record.bundle || record.kind === 'rollback') {
    return [];
  }
  const [bundle] = await findBundles(knex, [record.bundle.bundleId]);
  const moved = await findMembers(knex, [record.bundle.id]);
  return bundle.members.filter(
    member => !moved.some(each => each.modelRef === member.modelRef),
  );
}

/** What keeps a bundle out although its members that move could: a member that was to stay serves there no more. */
export async function findBundleObstacle(
  knex: Knex,
  record: PromotionRecord,
): Promise<string | undefined> {
  for (const kept of await findKept(knex, record)) {
    const control = await findControl(knex, kept.modelRef, record.environment);
    if (control?.versionId !== kept.versionId) {
      return `${kept.version} of ${kept.modelTitle}, which it goes with, does not serve in ${record.environment} any more; ask for the bundle again`;
    }
  }
  return undefined;
}
