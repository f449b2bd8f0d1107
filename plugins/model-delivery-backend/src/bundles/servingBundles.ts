import { Knex } from 'knex';
import { DatabaseTime, toDate } from '../database/values';
import { findBundles } from './bundleStore';
import { BundleRecord } from './types';

/** The version that each model rests on in each environment: `MODEL ENVIRONMENT` to the version's id. */
async function findControls(
  knex: Knex,
  modelRefs: string[],
): Promise<Map<string, { environment: string; versionId: string }>> {
  const rows: {
    model_ref: string;
    environment: string;
    version_id: string;
    started_at: DatabaseTime;
  }[] = await knex('deployments')
    .whereIn('model_ref', modelRefs)
    .whereNull('ended_at')
    .whereNotNull('full_traffic_at')
    .select('model_ref', 'environment', 'version_id', 'started_at');
  rows.sort(
    (a, b) => toDate(a.started_at).getTime() - toDate(b.started_at).getTime(),
  );
  return new Map(
    rows.map(row => [
      `${row.model_ref} ${row.environment}`,
      { environment: row.environment, versionId: row.version_id },
    ]),
  );
}

/** The environments in which all of a bundle serves now, by id of the bundle. */
export async function findServesIn(
  knex: Knex,
  bundles: BundleRecord[],
): Promise<Map<number, string[]>> {
  const refs = bundles.flatMap(each => each.members.map(m => m.modelRef));
  const controls = await findControls(knex, [...new Set(refs)]);
  const environments = [
    ...new Set([...controls.values()].map(each => each.environment)),
  ].sort();
  return new Map(
    bundles.map(bundle => [
      bundle.id,
      environments.filter(environment =>
        bundle.members.every(
          member =>
            controls.get(`${member.modelRef} ${environment}`)?.versionId ===
            member.versionId,
        ),
      ),
    ]),
  );
}

/**
 * The bundle that was promoted to an environment, serves there as a whole, and would be taken apart if only the given
 * models were changed; undefined when none would.
 * @param models - entity refs of all models that are changed together, `modelRef` among them
 */
export async function findBinding(
  knex: Knex,
  options: { modelRef: string; environment: string; models?: string[] },
): Promise<BundleRecord | undefined> {
  const { modelRef, environment, models = [modelRef] } = options;
  const ids: number[] = await knex('bundle_promotions')
    .join(
      'bundle_members',
      'bundle_members.bundle_id',
      'bundle_promotions.bundle_id',
    )
    .join('deployments', 'deployments.version_id', 'bundle_members.version_id')
    .where({
      'bundle_members.model_ref': modelRef,
      'bundle_promotions.environment': environment,
      'bundle_promotions.kind': 'promotion',
      'deployments.environment': environment,
    })
    .whereNull('deployments.ended_at')
    .whereNotNull('deployments.full_traffic_at')
    .whereExists(done =>
      done
        .from('promotions')
        .whereRaw('promotions.bundle_promotion_id = bundle_promotions.id')
        .where('promotions.state', 'succeeded'),
    )
    .orderBy('bundle_promotions.id', 'desc')
    .distinct('bundle_promotions.bundle_id', 'bundle_promotions.id')
    .pluck('bundle_promotions.bundle_id');
  const bundles = await findBundles(knex, [...new Set(ids)]);
  const servesIn = await findServesIn(knex, bundles);
  return bundles.find(
    bundle =>
      servesIn.get(bundle.id)!.includes(environment) &&
      bundle.members.some(member => !models.includes(member.modelRef)),
  );
}

/** Why a model of a bundle may not be changed alone, in words. */
export function boundText(bundle: BundleRecord, modelRef: string): string {
  const own = bundle.members.find(each => each.modelRef === modelRef)!;
  const others = bundle.members
    .filter(each => each.modelRef !== modelRef)
    .map(each => `${each.version} of ${each.modelTitle}`);
  return `${own.version} serves there as part of the bundle '${
    bundle.name
  }', with ${others.join(' and ')}`;
}
