import {
  OutsideChange,
  PromotionState,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { DatabaseTime, toIso } from '../database/values';
import { TERMINAL_STATES } from '../promotions/types';
import { Share, statementOf } from './shares';

/** A row of `outside_changes`. */
export interface OutsideChangeRow {
  id: number;
  model_ref: string;
  environment: string;
  environment_tier: string;
  kind: OutsideChange['kind'];
  state: 'suspected' | 'open' | 'closed';
  alias: string | null;
  expected: string;
  found: string;
  first_seen_at: DatabaseTime;
  looked_at: DatabaseTime;
  raised_at: DatabaseTime | null;
  closed_at: DatabaseTime | null;
  closed_because: 'gone' | 'reverted' | 'adopted' | null;
  revert_by: string | null;
  revert_reason: string | null;
  revert_attempt: number;
  revert_error: string | null;
  promotion_id: number | null;
}

/** With what became of the promotion that is to adopt it. */
export interface ShownChangeRow extends OutsideChangeRow {
  promotion_state: PromotionState | null;
}

/** A target, or the alias that follows it. */
export interface Place {
  modelRef: string;
  environment: string;
  kind: OutsideChange['kind'];
}

/** What is not over at a place, if anything. */
export async function findPresent(
  knex: Knex,
  { modelRef, environment, kind }: Place,
): Promise<OutsideChangeRow | undefined> {
  return knex<OutsideChangeRow>('outside_changes')
    .where({ model_ref: modelRef, environment, kind })
    .whereIn('state', ['suspected', 'open'])
    .first();
}

/** The query of changes as they are shown. */
export function selectChanges(knex: Knex) {
  return knex('outside_changes')
    .leftJoin('promotions', 'promotions.id', 'outside_changes.promotion_id')
    .select<ShownChangeRow[]>(
      'outside_changes.*',
      'promotions.state as promotion_state',
    );
}

/** What is open of a model, oldest first. */
export async function findOpen(
  knex: Knex,
  modelRef: string,
): Promise<ShownChangeRow[]> {
  return selectChanges(knex)
    .where({
      'outside_changes.model_ref': modelRef,
      'outside_changes.state': 'open',
    })
    .orderBy('outside_changes.id');
}

/** The change as the API shows it. */
export function toOutsideChange(row: ShownChangeRow): OutsideChange {
  const expected: Share[] = JSON.parse(row.expected);
  const found: Share[] = JSON.parse(row.found);
  return {
    id: String(row.id),
    model: row.model_ref,
    environment: row.environment,
    kind: row.kind,
    state: row.state === 'closed' ? 'closed' : 'open',
    statement: statementOf({ ...row, expected, found }),
    alias: row.alias,
    expected,
    found,
    firstSeenAt: toIso(row.first_seen_at),
    raisedAt: toIso(row.raised_at ?? row.first_seen_at),
    closed:
      row.closed_at && row.closed_because
        ? { at: toIso(row.closed_at), because: row.closed_because }
        : null,
    revert:
      row.revert_by && row.revert_reason
        ? {
            by: row.revert_by,
            reason: row.revert_reason,
            error: row.revert_error,
          }
        : null,
    // One that came to nothing adopts nothing: another may be asked for
    promotionId:
      row.promotion_id === null ||
      (row.state === 'open' &&
        row.promotion_state !== null &&
        row.promotion_state !== 'succeeded' &&
        TERMINAL_STATES.includes(row.promotion_state))
        ? null
        : String(row.promotion_id),
  };
}
