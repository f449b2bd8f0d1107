import { Knex } from 'knex';
import { AuditLeaf } from './leaf';

/** Entries of a promotion that are looked through for a transition, newest first; it is one of the last. */
const LOOKS_BACK = 100;

/** Who last let a promotion go into a state, and why, as the audit log has it. */
export async function findTransition(
  knex: Knex,
  promotionId: number,
  to: string,
): Promise<{ actor: string; reason: string } | undefined> {
  const rows: { leaf: string }[] = await knex('audit_entries')
    .where({ subject: `promotion:${promotionId}` })
    .orderBy('index', 'desc')
    .limit(LOOKS_BACK)
    .select('leaf');
  const found = rows
    .map((row): AuditLeaf => JSON.parse(row.leaf))
    .find(({ details }) => details.to === to && details.from !== to);
  if (!found) {
    return undefined;
  }
  const { reason } = found.details;
  return {
    actor: found.actor,
    reason: typeof reason === 'string' ? reason : found.summary,
  };
}
