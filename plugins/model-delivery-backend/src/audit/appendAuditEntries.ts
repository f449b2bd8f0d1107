import { Knex } from 'knex';
import { toNumber } from '../database/values';
import { leafData, leafHash } from './leaf';

/** What a change says of itself in the audit log. */
export interface AuditRecord {
  /** Entity ref of a user, or `service:NAME`. */
  actor: string;
  /** Dotted name, such as `promotion.requested`. */
  action: string;
  model: string | null;
  /** Such as `promotion:7`. */
  subject: string;
  /** One sentence for people. */
  summary: string;
  details?: Record<string, unknown>;
}

/**
 * Appends entries to the log within the transaction of the change that they tell of.
 *
 * Incrementing the head takes its row lock, which is held until the commit: appends of concurrent transactions are
 * ordered by it, the index has no gap, and a rolled back transaction leaves none. Call it last in the transaction, so
 * that the lock is short and never waits for another one.
 */
export async function appendAuditEntries(
  tx: Knex.Transaction,
  at: Date,
  records: AuditRecord[],
): Promise<void> {
  if (records.length === 0) {
    return;
  }
  const [head]: { size: number | string }[] = await tx('audit_head')
    .where({ id: 1 })
    .increment('size', records.length)
    .returning('size');
  const first = toNumber(head.size) - records.length;
  await tx('audit_entries').insert(
    records.map((record, i) => {
      const data = leafData({
        index: first + i,
        at: at.toISOString(),
        actor: record.actor,
        action: record.action,
        model: record.model,
        subject: record.subject,
        summary: record.summary,
        details: record.details ?? {},
      });
      return {
        index: first + i,
        at,
        actor: record.actor,
        action: record.action,
        model_ref: record.model,
        subject: record.subject,
        summary: record.summary,
        leaf: data,
        leaf_hash: leafHash(data),
      };
    }),
  );
}
