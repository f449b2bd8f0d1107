import { Promotion } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Transaction } from '../database/UnitOfWork';
import { DatabaseTime, toDate, toDateOrNull } from '../database/values';
import { PolicyEnvironment } from '../policies/types';

interface ReminderRow {
  promotion_id: number;
  asked_at: DatabaseTime;
  every_seconds: number;
  escalate_at: DatabaseTime | null;
  escalate_group: string | null;
  escalate_title: string | null;
  escalated_at: DatabaseTime | null;
  told: number;
  next_at: DatabaseTime | null;
}

/** When those who are asked to decide on a promotion are reminded, and whom it escalates to. */
export interface ReminderRecord {
  promotionId: number;
  askedAt: Date;
  everySeconds: number;
  /** Null where nobody above them is told. */
  escalation: { at: Date; group: string; title: string } | null;
  escalatedAt: Date | null;
  /** Reminders so far. */
  told: number;
  /** Null when nobody is waited for any more. */
  nextAt: Date | null;
}

/**
 * Begins to count anew, for what people are asked now; nothing where the environment asks for no reminders.
 * @param promotionIds - what is decided on together; people are reminded of the first
 */
export async function replaceReminders(
  tx: Transaction,
  promotionIds: number[],
  { reminders }: Pick<PolicyEnvironment, 'reminders'>,
): Promise<void> {
  await tx
    .knex('approval_reminders')
    .whereIn('promotion_id', promotionIds)
    .delete();
  if (!reminders) {
    return;
  }
  const after = (seconds: number) =>
    new Date(tx.now.getTime() + seconds * 1000);
  const { everySeconds, escalateAfterSeconds, escalateTo } = reminders;
  const escalateAt =
    escalateTo && escalateAfterSeconds ? after(escalateAfterSeconds) : null;
  await tx.knex('approval_reminders').insert({
    promotion_id: promotionIds[0],
    asked_at: tx.now,
    every_seconds: everySeconds,
    escalate_at: escalateAt,
    escalate_group: escalateTo?.group ?? null,
    escalate_title: escalateTo?.title ?? null,
    next_at: after(
      Math.min(everySeconds, escalateAfterSeconds ?? everySeconds),
    ),
  });
}

/** Promotions whose reminder is due, longest due first. */
export async function findDueReminders(
  knex: Knex,
  now: Date,
  limit: number,
): Promise<number[]> {
  const rows = await knex('approval_reminders')
    .where('next_at', '<=', now)
    .orderBy('next_at')
    .limit(limit)
    .select<{ promotion_id: number }[]>('promotion_id');
  return rows.map(row => row.promotion_id);
}

/** The reminders of what is decided on together, if its policy has any. */
export async function findReminders(
  knex: Knex,
  promotionIds: number[],
): Promise<ReminderRecord | undefined> {
  const row = await knex<ReminderRow>('approval_reminders')
    .whereIn('promotion_id', promotionIds)
    .first();
  return (
    row && {
      promotionId: row.promotion_id,
      askedAt: toDate(row.asked_at),
      everySeconds: row.every_seconds,
      escalation: row.escalate_at
        ? {
            at: toDate(row.escalate_at),
            group: row.escalate_group!,
            title: row.escalate_title!,
          }
        : null,
      escalatedAt: toDateOrNull(row.escalated_at),
      told: row.told,
      nextAt: toDateOrNull(row.next_at),
    }
  );
}

/** Moves a reminder on. Returns false when another replica did so first. */
export async function moveReminder(
  tx: Transaction,
  reminder: ReminderRecord,
  set: Partial<Pick<ReminderRow, 'told' | 'escalated_at' | 'next_at'>>,
): Promise<boolean> {
  const changed = await tx
    .knex('approval_reminders')
    .where({
      promotion_id: reminder.promotionId,
      told: reminder.told,
      next_at: reminder.nextAt,
    })
    .update(set);
  return changed === 1;
}

/** Reminders as the API shows them. */
export function toReminders(
  reminder: ReminderRecord,
): NonNullable<Promotion['approval']['reminders']> {
  return {
    told: reminder.told,
    nextAt: reminder.nextAt?.toISOString() ?? null,
    escalatedTo: reminder.escalatedAt ? reminder.escalation!.title : null,
    escalatedAt: reminder.escalatedAt?.toISOString() ?? null,
  };
}
