import { Delegation } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { decodeCursor, Page, PageRequest, toPage } from '../database/paging';
import { DatabaseTime, toDate, toDateOrNull } from '../database/values';

/** A row of `delegations`. */
export interface DelegationRow {
  id: string;
  group_ref: string;
  from_person: string;
  to_person: string;
  reason: string;
  since: DatabaseTime;
  until: DatabaseTime;
  ended_at: DatabaseTime | null;
  ended_by: string | null;
  idempotency_key: string | null;
}

/** The delegation of that id. */
export async function findDelegation(
  knex: Knex,
  id: string,
): Promise<DelegationRow | undefined> {
  return knex<DelegationRow>('delegations').where({ id }).first();
}

/** The one that a person made under an idempotency key. */
export async function findDelegationByKey(
  knex: Knex,
  person: string,
  key: string,
): Promise<DelegationRow | undefined> {
  return knex<DelegationRow>('delegations')
    .where({ from_person: person, idempotency_key: key })
    .first();
}

/** What is handed on to a person at a moment, the one that lasts longest first. */
export async function findHandedOnTo(
  knex: Knex,
  person: string,
  now: Date,
): Promise<DelegationRow[]> {
  return knex<DelegationRow>('delegations')
    .where({ to_person: person })
    .whereNull('ended_at')
    .where('since', '<=', now)
    .where('until', '>', now)
    .orderBy([{ column: 'until', order: 'desc' }, { column: 'id' }])
    .limit(100);
}

/** Who the roles of some groups are handed on to at a moment, 100 at most. */
export async function findStandInsOf(
  knex: Knex,
  groups: string[],
  now: Date,
): Promise<string[]> {
  return knex<DelegationRow>('delegations')
    .whereIn('group_ref', groups)
    .whereNull('ended_at')
    .where('since', '<=', now)
    .where('until', '>', now)
    .distinct('to_person')
    .orderBy('to_person')
    .limit(100)
    .pluck('to_person');
}

/** One page of what a person handed on or was handed on, the one that ends last first. */
export async function listDelegations(
  knex: Knex,
  person: string,
  page: PageRequest,
  now: Date,
): Promise<Page<Delegation>> {
  const query = knex<DelegationRow>('delegations')
    .where(mine =>
      mine.where('from_person', person).orWhere('to_person', person),
    )
    .orderBy([
      { column: 'until', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(page.limit + 1);
  if (page.cursor) {
    const [until, id] = decodeCursor(page.cursor, 'time', 'text');
    query.whereRaw('(until, id) < (?, ?)', [until, id]);
  }
  return toPage(
    await query,
    page.limit,
    row => [toDate(row.until).getTime(), row.id],
    row => toDelegation(row, now),
  );
}

/** A delegation as the API shows it. */
export function toDelegation(row: DelegationRow, now: Date): Delegation {
  const until = toDate(row.until);
  return {
    id: row.id,
    group: row.group_ref,
    from: row.from_person,
    to: row.to_person,
    reason: row.reason,
    since: toDate(row.since).toISOString(),
    until: until.toISOString(),
    endedAt: toDateOrNull(row.ended_at)?.toISOString() ?? null,
    endedBy: row.ended_by,
    isActive: row.ended_at === null && until > now,
  };
}
