import {
  Decision,
  Promotion,
  promotionDecidePermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { findTogether } from '../bundles/bundlePromotionStore';
import { findDecisionsTogether } from '../bundles/decisionsTogether';
import {
  isAskedTogether,
  slotsTogether,
  subjectTogether,
} from '../bundles/together';
import { EngineContext } from '../context';
import { findHandedOnTo } from '../delegations/delegationStore';
import { findStandIns } from '../delegations/findStandIns';
import { toModelResource } from '../models/ModelRecord';
import { PromotionRecord } from '../promotions/types';
import { PoliciesService } from '../policies/PoliciesService';
import { Bar } from './bars';
import { countFilled } from './decisionStore';
import { findReminders, toReminders } from './reminderStore';

type Approval = Promotion['approval'];

/** Shows what is asked for, what was decided, and what one caller may do about it. */
export class ApprovalViews {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;

  readonly #policies: PoliciesService;

  constructor(
    context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>,
    policies: PoliciesService,
  ) {
    this.#context = context;
    this.#policies = policies;
  }

  /** Approval of a promotion as one caller sees it. */
  async describe(
    principal: Principal,
    record: PromotionRecord,
  ): Promise<Approval> {
    const { work } = this.#context;
    const together = await findTogether(work.knex, record);
    const decisions = await findDecisionsTogether(work.knex, together);
    const slots = slotsTogether(together);
    const filled = countFilled(slots, decisions);
    const reminders = await findReminders(
      work.knex,
      together.map(each => each.id),
    );
    return {
      subject: subjectTogether(record, together),
      askedAt: record.askedAt?.toISOString() ?? null,
      slots: slots.map((slot, i) => ({
        ...slot,
        filled: filled[i].filled,
      })),
      decisions,
      reminders:
        reminders && record.state === 'awaiting-approval'
          ? toReminders(reminders)
          : null,
      viewer: await this.#viewer(principal, together, decisions, filled),
    };
  }

  async #mayOnAll(
    principal: Principal,
    together: PromotionRecord[],
  ): Promise<boolean> {
    for (const { modelRef: ref, owner, risk, environment } of together) {
      const resource = toModelResource({ ref, owner, risk }, environment);
      const { authorizer } = this.#context;
      const permission = promotionDecidePermission;
      if (!(await authorizer.mayOnModel(principal, permission, resource))) {
        return false;
      }
    }
    return true;
  }

  async #viewer(
    principal: Principal,
    together: PromotionRecord[],
    decisions: Decision[],
    filled: { role: string; minimum: number; filled: number }[],
  ): Promise<Approval['viewer']> {
    const nothing = {
      mayDecide: false,
      roles: [],
      onBehalfOf: null,
      barredBecause: null,
    };
    if (!principal.isUser || !isAskedTogether(together)) {
      return nothing;
    }
    const open = slotsTogether(together).filter(
      (_, i) => filled[i].filled < filled[i].minimum,
    );
    const groups = await this.#context.directory.groupsOf(principal.ref);
    const standIns = await this.#standIns(principal, together, decisions);
    const roles = open
      .filter(
        slot =>
          groups.has(slot.group) ||
          standIns.some(each => each.role === slot.role && each.from),
      )
      .map(slot => slot.role);
    const bar: { because: string } | undefined = await this.#context.work
      .knex('approval_bars')
      .whereIn(
        'promotion_id',
        together.map(each => each.id),
      )
      .where({ person: principal.ref })
      .first('because');
    const hasDecided = decisions.some(
      each =>
        [each.decidedBy, each.onBehalfOf].includes(principal.ref) &&
        each.voided === null,
    );
    const mayDecide =
      roles.length > 0 &&
      !bar &&
      !hasDecided &&
      (await this.#mayOnAll(principal, together));
    return {
      mayDecide,
      roles: hasDecided ? [] : roles,
      onBehalfOf: standIns.find(each => each.from)?.from ?? null,
      barredBecause:
        bar?.because ??
        (roles.length === 0 && !hasDecided
          ? standIns.find(each => each.refusedBecause)?.refusedBecause
          : null) ??
        null,
    };
  }

  /** In which open slots the caller stands in for somebody, and where that does not count, why. */
  async #standIns(
    principal: Principal,
    together: PromotionRecord[],
    decisions: Decision[],
  ): Promise<{ role: string; from?: string; refusedBecause?: string }[]> {
    const { work, directory } = this.#context;
    const now = work.now();
    const handed = await findHandedOnTo(work.knex, principal.ref, now);
    if (handed.length === 0) {
      return [];
    }
    const bars: Bar[] = await work
      .knex('approval_bars')
      .whereIn(
        'promotion_id',
        together.map(each => each.id),
      )
      .whereIn(
        'person',
        handed.map(each => each.from_person),
      )
      .select('person', 'because');
    const found = await findStandIns(
      { work, directory, policies: this.#policies },
      { person: principal.ref, together, decisions, bars },
    );
    return found.map(({ slot, standIn }) => ({ role: slot.role, ...standIn }));
  }
}
