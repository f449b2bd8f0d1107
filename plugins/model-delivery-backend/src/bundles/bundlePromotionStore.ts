import { NotFoundError } from '@backstage/errors';
import { Knex } from 'knex';
import { DatabaseTime, toDate } from '../database/values';
import { Transaction } from '../database/UnitOfWork';
import {
  JoinedPromotionRow,
  selectPromotions,
  toPromotionRecord,
} from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { BundlePromotionRecord } from './types';

interface BundlePromotionRow {
  id: number;
  bundle_id: number;
  environment: string;
  kind: BundlePromotionRecord['kind'];
  requested_by: string;
  requested_at: DatabaseTime;
  note: string | null;
}

/** Reads a row of `bundle_promotions`. */
export function toBundlePromotionRecord(
  row: BundlePromotionRow,
): BundlePromotionRecord {
  return {
    id: row.id,
    bundleId: row.bundle_id,
    environment: row.environment,
    kind: row.kind,
    requestedBy: row.requested_by,
    requestedAt: toDate(row.requested_at),
    note: row.note,
  };
}

/**
 * The promotion of a bundle that the API knows by that id.
 * @throws NotFoundError
 */
export async function requireBundlePromotion(
  knex: Knex,
  id: string | number,
): Promise<BundlePromotionRecord> {
  const row: BundlePromotionRow | undefined = await knex('bundle_promotions')
    .where({ id: Number(id) })
    .first();
  if (!row) {
    throw new NotFoundError(`There is no promotion ${id} of a bundle`);
  }
  return toBundlePromotionRecord(row);
}

/** The promotions of the members of a bundle's promotions, in the order of their ids. */
export async function findMembers(
  knex: Knex,
  bundlePromotionIds: number[],
): Promise<PromotionRecord[]> {
  const rows = (await selectPromotions(knex)
    .whereIn('promotions.bundle_promotion_id', bundlePromotionIds)
    .orderBy('promotions.id')) as JoinedPromotionRow[];
  return rows.map(toPromotionRecord);
}

/** All promotions that go together with one, itself among them, in the order of their ids; itself where it goes alone. */
export async function findTogether(
  knex: Knex,
  record: PromotionRecord,
): Promise<PromotionRecord[]> {
  return record.bundle ? findMembers(knex, [record.bundle.id]) : [record];
}

/**
 * Makes changes of one bundle's promotions wait for one another. Call it first in each transaction that changes a member,
 * so that whoever holds it may change the others too; it does nothing for what goes alone.
 */
export async function lockTogether(
  tx: Transaction,
  record: Pick<PromotionRecord, 'id' | 'bundle'>,
): Promise<void> {
  if (record.bundle) {
    await tx
      .knex('bundle_promotions')
      .where({ id: record.bundle.id })
      .forUpdate()
      .first('id');
  }
}

/** Has the workers look at the other members now. Call it with the lock of the bundle. */
export async function wakeOthers(
  tx: Transaction,
  record: PromotionRecord,
  which: { state: PromotionRecord['state']; operations?: string[] },
): Promise<void> {
  if (record.bundle) {
    await tx
      .knex('promotions')
      .where({ bundle_promotion_id: record.bundle.id, state: which.state })
      .whereNot({ id: record.id })
      .modify(query => {
        if (which.operations) {
          query.whereIn('operation', which.operations);
        }
      })
      .update({ due_at: tx.now });
  }
}
