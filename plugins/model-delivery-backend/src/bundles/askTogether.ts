import { replaceReminders } from '../approvals/reminderStore';
import { PolicyEnvironment } from '../policies/types';
import { voidDecisions } from '../approvals/decisionStore';
import { Transaction } from '../database/UnitOfWork';
import { changePromotion, ENGINE_ACTOR } from '../promotions/changePromotion';
import { notifyAsked } from '../promotions/notifications';
import { PromotionRecord } from '../promotions/types';
import { listing } from '../words';
import { findTogether } from './bundlePromotionStore';
import { isAskedTogether, slotsTogether, subjectTogether } from './together';

/**
 * Asks people to decide on a bundle, once for all its members and once for each subject: as soon as no gate of any member
 * keeps it back. Call it within `changeTogether`, after each evaluation of a member.
 */
export async function askTogether(
  tx: Transaction,
  record: PromotionRecord,
  environment: Pick<PolicyEnvironment, 'reminders'>,
): Promise<void> {
  const together = await findTogether(tx.knex, record);
  const subject = subjectTogether(record, together);
  if (!subject || !isAskedTogether(together)) {
    return;
  }
  const isNew = await tx
    .knex('bundle_promotions')
    .where({ id: record.bundle!.id })
    .where(other =>
      other
        .whereNull('asked_digest')
        .orWhereNot('asked_digest', subject.digest),
    )
    .update({ asked_digest: subject.digest });
  if (isNew === 1) {
    const others = together.filter(each => each.id !== record.id);
    await replaceReminders(
      tx,
      [record, ...others].map(each => each.id),
      environment,
    );
    await notifyAsked(tx, record, slotsTogether(together));
  }
}

/**
 * Voids what was decided on the other members of a bundle, since it was decided on all of them together and one is not what
 * it was; they ask anew. Call it within `changeTogether`.
 * @returns who had decided
 */
export async function voidOthers(
  tx: Transaction,
  record: PromotionRecord,
  because: string,
): Promise<string[]> {
  const people = new Set<string>();
  for (const other of await findTogether(tx.knex, record)) {
    const isAsking = ['awaiting-approval', 'scheduled'].includes(other.state);
    if (other.id === record.id || !isAsking) {
      continue;
    }
    const why = `of ${record.version} of ${record.modelTitle}, which goes with it, ${because}`;
    const voided = await voidDecisions(tx, other.id, why);
    if (voided.length > 0) {
      voided.forEach(person => people.add(person));
      await changePromotion(tx, other, {
        event: 're-evaluate',
        note: {
          actor: ENGINE_ACTOR,
          action: 'promotion.decisions-voided',
          summary: `Decisions of ${listing(voided)} were voided: ${why}`,
          details: { people: voided, because: why },
        },
        set: { due_at: tx.now },
      });
    }
  }
  return [...people];
}
