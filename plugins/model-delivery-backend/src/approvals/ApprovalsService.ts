import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import {
  ApprovalSlot,
  Decision,
  DecisionRequest,
  promotionDecidePermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { randomUUID } from 'node:crypto';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { findTogether } from '../bundles/bundlePromotionStore';
import { changeTogether } from '../bundles/changeTogether';
import { findDecisionsTogether } from '../bundles/decisionsTogether';
import {
  slotsTogether,
  stateTogether,
  subjectTogether,
} from '../bundles/together';
import { Transaction } from '../database/UnitOfWork';
import { isUniqueViolation } from '../database/values';
import { findStandIn, peopleOf } from '../delegations/findStandIn';
import { toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requirePerson, requireRole } from '../people/requireRole';
import { PoliciesService } from '../policies/PoliciesService';
import {
  changePromotion,
  progressPromotion,
  staleError,
} from '../promotions/changePromotion';
import { notifyRequester, whatOf } from '../promotions/notifications';
import { findPromotion, requirePromotion } from '../promotions/promotionStore';
import { rejectOthers } from '../bundles/rejectOthers';
import { PromotionRecord } from '../promotions/types';
import { VersionsService } from '../versions/VersionsService';
import { Bar } from './bars';
import { countFilled, findDecisions } from './decisionStore';
import { environmentOf, findPromotionBars } from './presentBars';

/** A decision as it is written. */
interface Made {
  decision: Decision['decision'];
  reason: string | null;
  /** Who handed the role on; null for who holds it. */
  onBehalfOf: string | null;
  /** What was decided on; that of the bundle for its members. */
  subjectDigest: string;
}

/** Takes the decisions of people, each in one role, on exactly what they have seen. */
export class ApprovalsService {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #policies: PoliciesService;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
    models: ModelsService;
    versions: VersionsService;
    policies: PoliciesService;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#versions = options.versions;
    this.#policies = options.policies;
  }

  /**
   * Records a decision. The same decision sent twice is one decision.
   * @throws NotAllowedError for who may not decide, with the reason; ConflictError when the promotion or what it is
   *   bound to changed since it was looked at; InputError for an unknown role or a missing reason
   */
  async decide(
    principal: Principal,
    id: string,
    body: DecisionRequest,
  ): Promise<PromotionRecord> {
    const { work, authorizer } = this.#context;
    const record = await requirePromotion(work.knex, id);
    const together = await findTogether(work.knex, record);
    for (const each of together) {
      await authorizer.requireOnModel(
        principal,
        promotionDecidePermission,
        toModelResource(
          await this.#models.require(each.modelRef),
          each.environment,
        ),
      );
    }
    requirePerson(principal, 'decide on promotions');
    const earlier = await this.#earlierDecision(together, principal);
    if (earlier?.decidedBy === principal.ref && isSame(earlier, body)) {
      return record;
    }
    const slots = slotsTogether(together);
    const slot = slots.find(each => each.role === body.role);
    if (!slot && slots.length > 0) {
      throw new InputError(
        `request/body/role '${
          body.role
        }' is not asked for; open roles are ${slots
          .map(each => each.role)
          .join(', ')}`,
      );
    }
    this.#requireCurrent(record, together, body);
    if (!slot) {
      throw new ConflictError(`Promotion ${record.id} asks for no approval`);
    }
    const bars = await this.#findBars(together);
    const onBehalfOf = await this.#requireRole(together, principal, {
      role: slot.role,
      bars,
    });
    const bar = bars.find(each => each.person === principal.ref);
    if (bar) {
      await this.#noteRefusal(record, principal, bar);
      throw new NotAllowedError(`${bar.because}, so you may not decide on it`);
    }
    if (earlier) {
      throw new ConflictError(
        `${
          earlier.decidedBy === principal.ref
            ? 'You have'
            : `${earlier.decidedBy} has, on your behalf,`
        } decided on promotion ${record.id} already, as ${
          earlier.role
        }; one person fills one slot`,
      );
    }
    const reason = body.reason?.trim() || null;
    if (slot.reasonRequired && !reason) {
      throw new InputError(
        `request/body/reason is compulsory for the role ${slot.role}: say what you checked, and why it is acceptable or not`,
      );
    }
    try {
      return await changeTogether({ work, models: this.#models }, record, tx =>
        this.#writeTogether(tx, together, principal, slot, {
          on: record,
          decision: body.decision,
          reason,
          onBehalfOf,
          subjectDigest: body.subjectDigest,
        }),
      );
    } catch (error) {
      if (isUniqueViolation(error)) {
        throw staleError(
          record,
          await requirePromotion(work.knex, id),
          'you have decided on it already',
        );
      }
      throw error;
    }
  }

  /** Who is barred from one of those that go together is barred from all of them. */
  async #findBars(together: PromotionRecord[]): Promise<Bar[]> {
    const bars: Bar[] = [];
    for (const record of together) {
      bars.push(
        ...(await findPromotionBars(
          {
            work: this.#context.work,
            directory: this.#context.directory,
            versions: this.#versions,
            policies: this.#policies,
          },
          record,
        )),
      );
    }
    return bars;
  }

  /**
   * On whose behalf somebody decides who does not hold the role themselves; null for who does.
   * @throws NotAllowedError for who neither holds it nor stands in for somebody who does
   */
  async #requireRole(
    together: PromotionRecord[],
    principal: Principal,
    { role, bars }: { role: string; bars: Bar[] },
  ): Promise<string | null> {
    const { work, directory } = this.#context;
    const decisions = await findDecisionsTogether(work.knex, together);
    let onBehalfOf: string | null = null;
    for (const record of together) {
      const slot = record.slots.find(each => each.role === role);
      const groups = slot && (await directory.groupsOf(principal.ref));
      if (!slot || groups?.has(slot.group)) {
        continue;
      }
      const standIn = await findStandIn(
        { knex: work.knex, directory, now: work.now() },
        {
          person: principal.ref,
          slot,
          environment: await environmentOf(this.#policies, work.knex, record),
          bars,
          decided: peopleOf(decisions),
        },
      );
      if (!standIn) {
        await requireRole(directory, principal.ref, slot);
      } else if ('refusedBecause' in standIn) {
        throw new NotAllowedError(standIn.refusedBecause);
      } else {
        onBehalfOf = standIn.from;
      }
    }
    return onBehalfOf;
  }

  /** Writes one decision on each of those that go together and ask for the role; a rejection ends all of them. */
  async #writeTogether(
    tx: Transaction,
    together: PromotionRecord[],
    principal: Principal,
    slot: ApprovalSlot,
    made: Made & { on: PromotionRecord },
  ): Promise<PromotionRecord> {
    const { on } = made;
    const current = on.bundle ? await findTogether(tx.knex, on) : together;
    if (
      stateTogether(current) !== 'awaiting-approval' ||
      subjectTogether(on, current)?.digest !== made.subjectDigest
    ) {
      throw staleError(on, await findPromotion(tx.knex, on.id));
    }
    const asking = current.filter(each =>
      each.slots.some(({ role }) => role === slot.role),
    );
    let isCounted = false;
    let result = made.on;
    for (const record of asking) {
      const own = record.slots.find(({ role }) => role === slot.role)!;
      // Of those that go together one may ask for more of a role than another, which has enough by then
      const isOpen =
        made.decision === 'reject' ||
        !record.bundle ||
        (await this.#isOpen(tx, record, own));
      if (isOpen && record.state === 'awaiting-approval') {
        const changed = await this.#write(tx, record, principal, own, made);
        result = record.id === made.on.id ? changed : result;
        isCounted = true;
      }
    }
    if (!isCounted) {
      throw new ConflictError(
        `The slot ${slot.title} of promotion ${made.on.id} is filled already`,
      );
    }
    if (made.decision === 'reject') {
      await rejectOthers(tx, made.on, principal.ref);
    }
    return (await findPromotion(tx.knex, made.on.id)) ?? result;
  }

  async #isOpen(
    tx: Transaction,
    record: PromotionRecord,
    slot: ApprovalSlot,
  ): Promise<boolean> {
    const filled = countFilled(
      record.slots,
      await findDecisions(tx.knex, record.id),
    ).find(each => each.role === slot.role)!;
    return filled.filled < filled.minimum;
  }

  async #write(
    tx: Transaction,
    record: PromotionRecord,
    principal: Principal,
    slot: ApprovalSlot,
    { decision, reason, onBehalfOf, subjectDigest }: Made,
  ): Promise<PromotionRecord> {
    const before = countFilled(
      record.slots,
      await findDecisions(tx.knex, record.id),
    );
    const own = before.find(each => each.role === slot.role)!;
    if (decision === 'approve' && own.filled >= own.minimum) {
      throw new ConflictError(
        `The slot ${slot.title} of promotion ${record.id} is filled already`,
      );
    }
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

  #requireCurrent(
    record: PromotionRecord,
    together: PromotionRecord[],
    body: DecisionRequest,
  ): void {
    if (stateTogether(together) !== 'awaiting-approval') {
      throw staleError(
        record,
        record,
        record.state === 'awaiting-approval'
          ? `the bundle that it is part of is ${stateTogether(together)}`
          : 'it does not wait for a decision',
      );
    }
    if (subjectTogether(record, together)?.digest !== body.subjectDigest) {
      throw staleError(
        record,
        record,
        `it changed since you looked${
          record.subjectChange ? `: ${record.subjectChange}` : ''
        }`,
      );
    }
    if (record.revision !== body.revision) {
      throw staleError(
        record,
        record,
        `you looked at revision ${body.revision}; look at it again`,
      );
    }
  }

  async #earlierDecision(
    together: PromotionRecord[],
    principal: Principal,
  ): Promise<Decision | undefined> {
    const { knex } = this.#context.work;
    const decisions = await findDecisionsTogether(knex, together);
    return decisions.find(
      each =>
        [each.decidedBy, each.onBehalfOf].includes(principal.ref) &&
        each.voided === null,
    );
  }

  async #noteRefusal(
    record: PromotionRecord,
    principal: Principal,
    bar: Bar,
  ): Promise<void> {
    await this.#context.work.run(async tx =>
      tx.record({
        actor: principal.ref,
        action: 'promotion.decision-refused',
        model: record.modelRef,
        subject: `promotion:${record.id}`,
        summary: `Decision refused: ${bar.because}`,
        details: { because: bar.because },
      }),
    );
  }
}

function isSame(earlier: Decision, body: DecisionRequest): boolean {
  return (
    earlier.decision === body.decision &&
    earlier.role === body.role &&
    earlier.subjectDigest === body.subjectDigest
  );
}
