import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import {
  Decision,
  DecisionRequest,
  promotionDecidePermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { noteRefusal } from '../audit/noteRefusal';
import { EngineContext } from '../context';
import { findTogether } from '../bundles/bundlePromotionStore';
import { changeTogether } from '../bundles/changeTogether';
import { findDecisionsTogether } from '../bundles/decisionsTogether';
import {
  slotsTogether,
  stateTogether,
  subjectTogether,
} from '../bundles/together';
import { isUniqueViolation } from '../database/values';
import { findStandIns } from '../delegations/findStandIns';
import { toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requirePerson, requireRole } from '../people/requireRole';
import { PoliciesService } from '../policies/PoliciesService';
import { staleError } from '../promotions/changePromotion';
import { requirePromotion } from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { VersionsService } from '../versions/VersionsService';
import { Bar } from './bars';
import { findPromotionBars } from './presentBars';
import { recordDecision } from './recordDecision';

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
    const { work } = this.#context;
    const record = await requirePromotion(work.knex, id);
    return noteRefusal(
      work,
      {
        actor: principal.ref,
        action: 'promotion.decision-refused',
        model: record.modelRef,
        subject: `promotion:${record.id}`,
        deed: 'Decision',
      },
      () => this.#decide(principal, record, body),
    );
  }

  async #decide(
    principal: Principal,
    record: PromotionRecord,
    body: DecisionRequest,
  ): Promise<PromotionRecord> {
    const { work, authorizer } = this.#context;
    const together = await findTogether(work.knex, record);
    for (const each of together) {
      await authorizer.requireOnModel(
        principal,
        promotionDecidePermission,
        toModelResource(
          each.isModelGone
            ? await this.#models.require(each.modelRef)
            : ofModel(each),
          each.environment,
        ),
      );
    }
    requirePerson(principal, 'decide on promotions');
    const decisions = await findDecisionsTogether(work.knex, together);
    const earlier = decisions.find(
      each =>
        [each.decidedBy, each.onBehalfOf].includes(principal.ref) &&
        each.voided === null,
    );
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
      decisions,
      bars,
    });
    const bar = bars.find(each => each.person === principal.ref);
    if (bar) {
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
        recordDecision(tx, { record, decisions }, principal, slot, {
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
          await requirePromotion(work.knex, String(record.id)),
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
    about: { role: string; decisions: Decision[]; bars: Bar[] },
  ): Promise<string | null> {
    const { work, directory } = this.#context;
    const standIns = await findStandIns(
      { work, directory, policies: this.#policies },
      { person: principal.ref, together, ...about },
    );
    let onBehalfOf: string | null = null;
    for (const { slot, standIn } of standIns) {
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
}

function ofModel({ modelRef: ref, owner, risk }: PromotionRecord) {
  return { ref, owner, risk };
}

function isSame(earlier: Decision, body: DecisionRequest): boolean {
  return (
    earlier.decision === body.decision &&
    earlier.role === body.role &&
    earlier.subjectDigest === body.subjectDigest
  );
}
