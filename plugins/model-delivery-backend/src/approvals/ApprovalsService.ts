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
import { Transaction } from '../database/UnitOfWork';
import { isUniqueViolation } from '../database/values';
import { toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requirePerson, requireRole } from '../people/requireRole';
import { PoliciesService } from '../policies/PoliciesService';
import { changeModel } from '../promotions/changeModel';
import {
  changePromotion,
  progressPromotion,
  staleError,
} from '../promotions/changePromotion';
import { notifyRequester } from '../promotions/notifications';
import { requirePromotion } from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { VersionsService } from '../versions/VersionsService';
import { Bar } from './bars';
import { countFilled, findDecisions } from './decisionStore';
import { findPromotionBars } from './presentBars';

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
    const model = await this.#models.require(record.modelRef);
    await authorizer.requireOnModel(
      principal,
      promotionDecidePermission,
      toModelResource(model, record.environment),
    );
    requirePerson(principal, 'decide on promotions');
    const earlier = await this.#earlierDecision(record, principal);
    if (earlier && isSame(earlier, body)) {
      return record;
    }
    const slot = record.slots.find(each => each.role === body.role);
    if (!slot && record.slots.length > 0) {
      throw new InputError(
        `request/body/role '${
          body.role
        }' is not asked for; open roles are ${record.slots
          .map(each => each.role)
          .join(', ')}`,
      );
    }
    this.#requireCurrent(record, body);
    if (!slot) {
      throw new ConflictError(`Promotion ${record.id} asks for no approval`);
    }
    await requireRole(this.#context.directory, principal.ref, slot);
    const bar = (
      await findPromotionBars(
        {
          work,
          directory: this.#context.directory,
          versions: this.#versions,
          policies: this.#policies,
        },
        record,
      )
    ).find(each => each.person === principal.ref);
    if (bar) {
      await this.#noteRefusal(record, principal, bar);
      throw new NotAllowedError(`${bar.because}, so you may not decide on it`);
    }
    if (earlier) {
      throw new ConflictError(
        `You have decided on promotion ${record.id} already, as ${earlier.role}; one person fills one slot`,
      );
    }
    const reason = body.reason?.trim() || null;
    if (slot.reasonRequired && !reason) {
      throw new InputError(
        `request/body/reason is compulsory for the role ${slot.role}: say what you checked, and why it is acceptable or not`,
      );
    }
    try {
      return await changeModel(
        { work, models: this.#models },
        record.modelRef,
        tx => this.#write(tx, record, principal, slot, body.decision, reason),
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

  async #write(
    tx: Transaction,
    record: PromotionRecord,
    principal: Principal,
    slot: ApprovalSlot,
    decision: Decision['decision'],
    reason: string | null,
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
        reason ? `: ${reason}` : ''
      }`,
      details: {
        role: slot.role,
        group: slot.group,
        reason,
        subjectDigest: record.subjectDigest,
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
      decided_at: tx.now,
      reason,
      subject_digest: record.subjectDigest,
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
        `${record.version} of ${record.modelTitle} was rejected for ${record.environment}`,
        `${slot.title}: ${reason ?? 'no reason given'}`,
        'high',
      );
    }
    return changed;
  }

  #requireCurrent(record: PromotionRecord, body: DecisionRequest): void {
    if (record.state !== 'awaiting-approval') {
      throw staleError(record, record, 'it does not wait for a decision');
    }
    if (record.subjectDigest !== body.subjectDigest) {
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
    record: PromotionRecord,
    principal: Principal,
  ): Promise<Decision | undefined> {
    const decisions = await findDecisions(this.#context.work.knex, record.id);
    return decisions.find(
      each => each.decidedBy === principal.ref && each.voided === null,
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
