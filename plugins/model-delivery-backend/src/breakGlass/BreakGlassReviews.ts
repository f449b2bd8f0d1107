import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import {
  BreakGlassReviewRequest,
  Promotion,
  promotionDecidePermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { Bar } from '../approvals/bars';
import { findPromotionBars } from '../approvals/presentBars';
import { noteRefusal } from '../audit/noteRefusal';
import { EngineContext } from '../context';
import { toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requirePerson, requireRole } from '../people/requireRole';
import { PoliciesService } from '../policies/PoliciesService';
import { requirePromotion } from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { VersionsService } from '../versions/VersionsService';
import { insertReview } from './breakGlassStore';
import { notifyReviewed } from './notifications';
import { BreakGlassRecord } from './types';

/** Takes the review that every emergency promotion has to have: once, by somebody who had no part in it. */
export class BreakGlassReviews {
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
   * Records a review. The same review sent twice is one review.
   * @throws NotAllowedError for who may not review, with the reason; ConflictError when there is nothing to review or
   *   somebody has; InputError without a reason
   */
  async review(
    principal: Principal,
    id: string,
    body: BreakGlassReviewRequest,
  ): Promise<PromotionRecord> {
    const { work } = this.#context;
    const record = await requirePromotion(work.knex, id);
    return noteRefusal(
      work,
      {
        actor: principal.ref,
        action: 'promotion.review-refused',
        model: record.modelRef,
        subject: `promotion:${record.id}`,
        deed: 'Review',
      },
      () => this.#review(principal, record, body),
    );
  }

  async #review(
    principal: Principal,
    record: PromotionRecord,
    body: BreakGlassReviewRequest,
  ): Promise<PromotionRecord> {
    const { work, authorizer } = this.#context;
    await authorizer.requireOnModel(
      principal,
      promotionDecidePermission,
      resourceOf(record),
    );
    requirePerson(principal, 'review emergencies');
    const { breakGlass } = record;
    if (!breakGlass) {
      throw new ConflictError(
        `Promotion ${record.id} is no emergency, so there is nothing to review`,
      );
    }
    await requireRole(
      this.#context.directory,
      principal.ref,
      breakGlass.reviewRole,
    );
    const bar = await this.#barOf(record, principal.ref);
    if (bar) {
      throw new NotAllowedError(`${bar.because}, so you may not review it`);
    }
    const reason = body.reason.trim();
    if (!reason) {
      throw new InputError(
        'request/body/reason is compulsory: say what you looked at, and why the emergency was justified or not',
      );
    }
    const review = {
      outcome: body.outcome,
      reviewedBy: principal.ref,
      reason,
    };
    if (breakGlass.review) {
      return sameOrConflict(record, review);
    }
    const isWritten = await work.run(async tx => {
      if (!(await insertReview(tx, record.id, review))) {
        return false;
      }
      tx.record({
        actor: principal.ref,
        action: 'promotion.reviewed',
        model: record.modelRef,
        subject: `promotion:${record.id}`,
        summary: `Found the emergency promotion of ${record.version} to ${record.environment} ${body.outcome}: ${reason}`,
        details: {
          version: record.version,
          environment: record.environment,
          outcome: body.outcome,
          reason,
          role: breakGlass.reviewRole.role,
          reviewBy: breakGlass.reviewBy.toISOString(),
          overdue: breakGlass.reviewBy <= tx.now,
          bypassed: breakGlass.bypassed,
        },
      });
      notifyReviewed(tx, record, review);
      tx.publish({
        topic: 'signal.promotion',
        payload: {
          id: String(record.id),
          model: record.modelRef,
          revision: record.revision,
        },
      });
      await this.#models.refreshStatus(tx, record.modelRef);
      return true;
    });
    const current = await requirePromotion(work.knex, String(record.id));
    return isWritten ? current : sameOrConflict(current, review);
  }

  /** What one caller may do about the review of an emergency; undefined for other promotions. */
  async viewerOf(
    principal: Principal,
    record: PromotionRecord,
  ): Promise<Promotion['review']> {
    const { breakGlass } = record;
    if (!breakGlass) {
      return undefined;
    }
    const nothing = { mayReview: false, barredBecause: null };
    if (breakGlass.review || !principal.isUser) {
      return nothing;
    }
    const groups = await this.#context.directory.groupsOf(principal.ref);
    const isAsked = groups.has(breakGlass.reviewRole.group);
    const isRequester = record.requestedBy === principal.ref;
    if (!isAsked && !isRequester) {
      return nothing;
    }
    const bar = await this.#barOf(record, principal.ref);
    if (bar) {
      return { mayReview: false, barredBecause: bar.because };
    }
    return {
      mayReview: await this.#context.authorizer.mayOnModel(
        principal,
        promotionDecidePermission,
        resourceOf(record),
      ),
      barredBecause: null,
    };
  }

  async #barOf(
    record: PromotionRecord,
    person: string,
  ): Promise<Bar | undefined> {
    const { work, directory } = this.#context;
    const bars = await findPromotionBars(
      {
        work,
        directory,
        versions: this.#versions,
        policies: this.#policies,
      },
      record,
    );
    return bars.find(each => each.person === person);
  }
}

function resourceOf(record: PromotionRecord) {
  return toModelResource(
    { ref: record.modelRef, owner: record.owner, risk: record.risk },
    record.environment,
  );
}

function sameOrConflict(
  record: PromotionRecord,
  asked: { outcome: string; reviewedBy: string; reason: string },
): PromotionRecord {
  const review: BreakGlassRecord['review'] = record.breakGlass?.review ?? null;
  if (
    review?.reviewedBy === asked.reviewedBy &&
    review.outcome === asked.outcome &&
    review.reason === asked.reason
  ) {
    return record;
  }
  throw new ConflictError(
    `Promotion ${record.id} was reviewed already: ${review?.reviewedBy} found it ${review?.outcome}`,
  );
}
