import {
  Decision,
  Promotion,
  promotionDecidePermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { toModelResource } from '../models/ModelRecord';
import { PromotionRecord } from '../promotions/types';
import { countFilled, findDecisions } from './decisionStore';
import { approvalSubject } from './subject';

type Approval = Promotion['approval'];

/** Shows what is asked for, what was decided, and what one caller may do about it. */
export class ApprovalViews {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;

  constructor(
    context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>,
  ) {
    this.#context = context;
  }

  /** Approval of a promotion as one caller sees it. */
  async describe(
    principal: Principal,
    record: PromotionRecord,
  ): Promise<Approval> {
    const { work } = this.#context;
    const decisions = await findDecisions(work.knex, record.id);
    const filled = countFilled(record.slots, decisions);
    return {
      subject:
        record.evidenceDigest && record.subjectDigest
          ? approvalSubject({
              versionDigest: record.versionDigest,
              environment: record.environment,
              policyDigest: record.policyDigest,
              evidenceDigest: record.evidenceDigest,
              rolloutPlan: record.plan,
            })
          : null,
      askedAt: record.askedAt?.toISOString() ?? null,
      slots: record.slots.map((slot, i) => ({
        ...slot,
        filled: filled[i].filled,
      })),
      decisions,
      viewer: await this.#viewer(principal, record, decisions, filled),
    };
  }

  async #viewer(
    principal: Principal,
    record: PromotionRecord,
    decisions: Decision[],
    filled: { role: string; minimum: number; filled: number }[],
  ): Promise<Approval['viewer']> {
    const nothing = { mayDecide: false, roles: [], barredBecause: null };
    if (!principal.isUser || record.state !== 'awaiting-approval') {
      return nothing;
    }
    const groups = await this.#context.directory.groupsOf(principal.ref);
    const roles = record.slots
      .filter(
        (slot, i) =>
          groups.has(slot.group) && filled[i].filled < filled[i].minimum,
      )
      .map(slot => slot.role);
    const bar: { because: string } | undefined = await this.#context.work
      .knex('approval_bars')
      .where({ promotion_id: record.id, person: principal.ref })
      .first('because');
    const hasDecided = decisions.some(
      each => each.decidedBy === principal.ref && each.voided === null,
    );
    const mayDecide =
      roles.length > 0 &&
      !bar &&
      !hasDecided &&
      (await this.#context.authorizer.mayOnModel(
        principal,
        promotionDecidePermission,
        toModelResource(
          { ref: record.modelRef, owner: record.owner, risk: record.risk },
          record.environment,
        ),
      ));
    return {
      mayDecide,
      roles: hasDecided ? [] : roles,
      barredBecause: bar?.because ?? null,
    };
  }
}
