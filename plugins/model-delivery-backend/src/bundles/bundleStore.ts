import { NotFoundError } from '@backstage/errors';
import { Knex } from 'knex';
import { DatabaseTime, toDate } from '../database/values';
import { byModel } from './bundleDigest';
import { BundleLink, BundleMember, BundleRecord } from './types';

interface BundleRow {
  id: number;
  name: string;
  digest: string;
  registered_by: string;
  registered_at: DatabaseTime;
}

interface MemberRow {
  bundle_id: number;
  model_ref: string;
  model_title: string;
  version_id: string;
  version: string;
  version_digest: string;
}

/** Columns that tell a promotion or deployment of its bundle, for a query that joins `bundle_promotions` and `bundles`. */
export const BUNDLE_COLUMNS = [
  'bundles.id as bundle_id',
  'bundles.name as bundle_name',
  'bundles.digest as bundle_digest',
  'bundle_promotions.lead_promotion_id as bundle_lead_id',
  'bundle_promotions.queued_at as bundle_queued_at',
];

/** Columns of `BUNDLE_COLUMNS`, with the promotion's own. */
export interface JoinedBundleRow {
  bundle_promotion_id: number | null;
  bundle_id: number | null;
  bundle_name: string | null;
  bundle_digest: string | null;
  bundle_lead_id: number | null;
  bundle_queued_at: DatabaseTime | null;
}

/** Reads the columns of `BUNDLE_COLUMNS`; null for what goes alone. */
export function toBundleLink(row: JoinedBundleRow): BundleLink | null {
  return row.bundle_promotion_id === null ||
    row.bundle_promotion_id === undefined
    ? null
    : {
        id: row.bundle_promotion_id,
        bundleId: row.bundle_id!,
        name: row.bundle_name!,
        digest: row.bundle_digest!,
        leadId: row.bundle_lead_id!,
        isQueued: row.bundle_queued_at !== null,
      };
}

/** Bundles of the given ids, in that order, with their members. */
export async function findBundles(
  knex: Knex,
  ids: number[],
): Promise<BundleRecord[]> {
  const rows: BundleRow[] = await knex('bundles').whereIn('id', ids);
  const members: MemberRow[] = await knex('bundle_members')
    .join('models', 'models.ref', 'bundle_members.model_ref')
    .join('versions', 'versions.id', 'bundle_members.version_id')
    .whereIn('bundle_members.bundle_id', ids)
    .select(
      'bundle_members.*',
      'models.title as model_title',
      'versions.name as version',
      'versions.digest as version_digest',
    );
  return ids.flatMap(id => {
    const row = rows.find(each => each.id === id);
    return row
      ? [
          {
            id: row.id,
            name: row.name,
            digest: row.digest,
            registeredBy: row.registered_by,
            registeredAt: toDate(row.registered_at),
            members: members
              .filter(each => each.bundle_id === id)
              .map(toMember)
              .sort(byModel),
          },
        ]
      : [];
  });
}

function toMember(row: MemberRow): BundleMember {
  return {
    modelRef: row.model_ref,
    modelTitle: row.model_title,
    versionId: row.version_id,
    version: row.version,
    versionDigest: row.version_digest,
  };
}

/**
 * The bundle that the API knows by that id.
 * @throws NotFoundError
 */
export async function requireBundle(
  knex: Knex,
  id: string | number,
): Promise<BundleRecord> {
  const [bundle] = await findBundles(knex, [Number(id)]);
  if (!bundle) {
    throw new NotFoundError(`There is no bundle ${id}`);
  }
  return bundle;
}

/** The bundle of that digest. */
export async function findBundleByDigest(
  knex: Knex,
  digest: string,
): Promise<BundleRecord | undefined> {
  const row: { id: number } | undefined = await knex('bundles')
    .where({ digest })
    .first('id');
  return row && (await findBundles(knex, [row.id]))[0];
}

/** Narrows a query to the bundles all of whose models the caller may see. */
export function whereVisible(
  query: Knex.QueryBuilder,
  column: string,
  visible: (query: Knex.QueryBuilder) => void,
): void {
  query.whereNotExists((hidden: Knex.QueryBuilder) =>
    hidden
      .from('bundle_members as hidden_members')
      .whereRaw('hidden_members.bundle_id = ??', [column])
      .whereNotIn('hidden_members.model_ref', seen =>
        seen.from('models').modify(visible).select('models.ref'),
      ),
  );
}
