import { ConflictError } from '@backstage/errors';
import {
  ApprovalSlot,
  Decision,
} from '@slipway/backstage-plugin-model-delivery-common';
import { randomUUID } from 'node:crypto';
import { Principal } from '../access/principal';
import { findTogether } from '../bundles/bundlePromotionStore';
import { findDecisionsTogether } from '../bundles/decisionsTogether';
import { rejectOthers } from '../bundles/rejectOthers';
import { stateTogether, subjectTogether } from '../bundles/together';
import { Transaction } from '../database/UnitOfWork';
import { peopleOf } from '../delegations/findStandIn';
import {
  changePromotion,
  progressPromotion,
  staleError,
} from '../promotions/changePromotion';
import { notifyRequester, whatOf } from '../promotions/notifications';
import { findPromotion } from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { countFilled, findDecisions } from './decisionStore';

/** A decision as it is written. */
interface Made {
  decision: Decision['decision'];
  reason: string | null;
  /** Who handed the role on; null for who holds it. */
  onBehalfOf: string | null;
  /** What was decided on; that of the bundle for its members. */
  subjectDigest: string;
}

type Filled = ReturnType<typeof countFilled>[number];

/**
 * Writes one decision on each of those that go together and ask for the role; a rejection ends all of them.
 * @param subject - the promotion that was decided on, and the decisions on it. They were read after it, and each change of
 *   them moves its revision on: where they are not the present ones any more, nothing is written
 */
export async function recordDecision(
  tx: Transaction,
  subject: { record: PromotionRecord; decisions: Decision[] },
  principal: Principal,
  slot: ApprovalSlot,
  made: Made,
): Promise<PromotionRecord> {
  const { record: on, decisions } = subject;
  const current = on.bundle ? await findTogether(tx.knex, on) : [on];
  if (
    stateTogether(current) !== 'awaiting-approval' ||
    subjectTogether(on, current)?.digest !== made.subjectDigest
  ) {
    throw staleError(on, await findPromotion(tx.knex, on.id));
  }
  if (on.bundle) {
    await requireNewPeople(tx, current, principal, { on, ...made });
  }
  const asking = current.filter(each =>
    each.slots.some(({ role }) => role === slot.role),
  );
  let isCounted = false;
  let result = on;
  for (const record of asking) {
    const own = record.slots.find(({ role }) => role === slot.role)!;
    const filled = countFilled(
      record.slots,
      record.bundle ? await findDecisions(tx.knex, record.id) : decisions,
    );
    // Of those that go together one may ask for more of a role than another, which has enough by then
    const isOpen = made.decision === 'reject' || !isFilled(filled, own);
    if (isOpen && record.state === 'awaiting-approval') {
      const changed = await write(tx, record, principal, own, filled, made);
      result = record.id === on.id ? changed : result;
      isCounted = true;
    }
  }
  if (!isCounted) {
    throw new ConflictError(
      `The slot ${slot.title} of promotion ${on.id} is filled already`,
    );
  }
  if (!on.bundle) {
    return result;
  }
  if (made.decision === 'reject') {
    await rejectOthers(tx, on, principal.ref);
  }
  return (await findPromotion(tx.knex, on.id)) ?? result;
}

/**
 * Of decisions on a bundle that arrive at once, each changes other members or asks the same ones for other roles, so
 * neither their revisions nor the index of deciders keeps one person from filling two slots.
 */
async function requireNewPeople(
  tx: Transaction,
  together: PromotionRecord[],
  principal: Principal,
  { on, onBehalfOf }: Pick<Made, 'onBehalfOf'> & { on: PromotionRecord },
): Promise<void> {
  const decided = peopleOf(await findDecisionsTogether(tx.knex, together));
  const again = [principal.ref, onBehalfOf].find(
    each => each !== null && decided.includes(each),
  );
  if (again) {
    throw new ConflictError(
      `${
        again === principal.ref
          ? 'You have, yourself or through somebody else,'
          : `${again}, for whom you stand in, has`
      } decided on promotion ${
        on.id
      } in the meantime; one person fills one slot`,
    );
  }
}

function isFilled(before: Filled[], slot: ApprovalSlot): boolean {
  return before.some(
    each => each.role === slot.role && each.filled >= each.minimum,
  );
}

async function write(
  tx: Transaction,
  record: PromotionRecord,
  principal: Principal,
  slot: ApprovalSlot,
  before: Filled[],
  { decision, reason, onBehalfOf, subjectDigest }: Made,
): Promise<PromotionRecord> {
  const isApproval = decision === 'approve';
  const after = before.map(each =>
    isApproval && each.role === slot.role
      ? { ...each, filled: each.filled + 1 }
      : each,
  );
  const isComplete =
    isApproval && after.every(each => each.filled >= each.minimum);
  const note = {
    actor: principal.ref,
    action: isApproval ? 'promotion.approved' : 'promotion.rejected',
    summary: `${isApproval ? 'Approved' : 'Rejected'} as ${slot.title}${
      onBehalfOf ? ` on behalf of ${onBehalfOf}` : ''
    }${reason ? `: ${reason}` : ''}`,
    details: {
      role: slot.role,
      group: slot.group,
      reason,
      subjectDigest,
      ...(onBehalfOf && { onBehalfOf }),
    },
  };
  const set = {
    slots_filled: after.reduce((sum, each) => sum + each.filled, 0),
  };
  // The promotion's row first: it orders decisions that arrive at once, and the loser writes nothing.
  const changed =
    isApproval && !isComplete
      ? await progressPromotion(tx, record, { note, set })
      : await changePromotion(tx, record, {
          event: isApproval ? 'clear' : 'reject',
          note,
          set: { ...set, due_at: isApproval ? tx.now : null },
        });
  await tx.knex('decisions').insert({
    id: randomUUID(),
    promotion_id: record.id,
    decision,
    role: slot.role,
    decided_by: principal.ref,
    on_behalf_of: onBehalfOf,
    decided_at: tx.now,
    reason,
    subject_digest: subjectDigest,
  });
  if (isApproval) {
    await tx
      .knex('approval_slots')
      .where({ promotion_id: record.id, role: slot.role })
      .increment('filled', 1);
  } else {
    notifyRequester(
      tx,
      changed,
      `${whatOf(record)} was rejected for ${record.environment}`,
      `${slot.title}: ${reason ?? 'no reason given'}`,
      'high',
    );
  }
  return changed;
}
