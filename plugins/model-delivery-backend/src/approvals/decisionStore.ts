import {
  ApprovalSlot,
  Decision,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Transaction } from '../database/UnitOfWork';
import { DatabaseTime, toIso } from '../database/values';
import { Bar } from './bars';

/** A row of `decisions`. */
export interface DecisionRow {
  id: string;
  promotion_id: number;
  decision: Decision['decision'];
  role: string;
  decided_by: string;
  on_behalf_of: string | null;
  decided_at: DatabaseTime;
  reason: string | null;
  subject_digest: string;
  voided_at: DatabaseTime | null;
  voided_because: string | null;
}

/** Reads a row. */
export function toDecision(row: DecisionRow): Decision {
  return {
    id: row.id,
    decision: row.decision,
    role: row.role,
    decidedBy: row.decided_by,
    onBehalfOf: row.on_behalf_of,
    decidedAt: toIso(row.decided_at),
    reason: row.reason,
    subjectDigest: row.subject_digest,
    voided:
      row.voided_at === null
        ? null
        : { at: toIso(row.voided_at), because: row.voided_because ?? '' },
  };
}

/** Decisions on a promotion, the voided ones too, oldest first. */
export async function findDecisions(
  knex: Knex,
  promotionId: number,
): Promise<Decision[]> {
  const rows = await knex<DecisionRow>('decisions')
    .where({ promotion_id: promotionId })
    .orderBy([{ column: 'decided_at' }, { column: 'id' }]);
  return rows.map(toDecision);
}

/** How many approvals that hold fill each slot. */
export function countFilled(
  slots: ApprovalSlot[],
  decisions: Decision[],
): { role: string; minimum: number; filled: number }[] {
  return slots.map(slot => ({
    role: slot.role,
    minimum: slot.minimum,
    filled: Math.min(
      slot.minimum,
      decisions.filter(
        each =>
          each.role === slot.role &&
          each.decision === 'approve' &&
          each.voided === null,
      ).length,
    ),
  }));
}

/** Voids the decisions that hold, and says who had made them. */
export async function voidDecisions(
  tx: Transaction,
  promotionId: number,
  because: string,
): Promise<string[]> {
  const open = await tx
    .knex<DecisionRow>('decisions')
    .where({ promotion_id: promotionId })
    .whereNull('voided_at')
    .select('id', 'decided_by');
  if (open.length > 0) {
    await tx
      .knex('decisions')
      .whereIn(
        'id',
        open.map(each => each.id),
      )
      .update({ voided_at: tx.now, voided_because: because });
  }
  return open.map(each => each.decided_by);
}

/** Replaces what a promotion asks for, and who is known to be barred from it: what the inboxes are read from. */
export async function replaceSlotsAndBars(
  tx: Transaction,
  promotionId: number,
  slots: ApprovalSlot[],
  filled: { role: string; filled: number }[],
  bars: Bar[],
): Promise<void> {
  await tx.knex('approval_slots').where({ promotion_id: promotionId }).delete();
  await tx.knex('approval_bars').where({ promotion_id: promotionId }).delete();
  if (slots.length > 0) {
    await tx.knex('approval_slots').insert(
      slots.map(slot => ({
        promotion_id: promotionId,
        role: slot.role,
        group_ref: slot.group,
        minimum: slot.minimum,
        filled: filled.find(each => each.role === slot.role)?.filled ?? 0,
      })),
    );
  }
  for (let i = 0; i < bars.length; i += 100) {
    await tx.knex('approval_bars').insert(
      bars.slice(i, i + 100).map(bar => ({
        promotion_id: promotionId,
        person: bar.person,
        because: bar.because,
      })),
    );
  }
}
