import {
  modelReadPermission,
  Promotion,
  promotionControlPermission,
  PromotionEvent,
  PromotionState,
  PromotionSummary,
  rollbackPermission,
  RolloutSeries,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { ApprovalViews } from '../approvals/ApprovalViews';
import { whereReviewDue } from '../breakGlass/breakGlassStore';
import { BreakGlassReviews } from '../breakGlass/BreakGlassReviews';
import { findTogether } from '../bundles/bundlePromotionStore';
import { BundleViews } from '../bundles/BundleViews';
import { eventsTogether } from '../bundles/together';
import { EngineContext } from '../context';
import { decodeCursor, Page, PageRequest, toPage } from '../database/paging';
import { findRollbackTarget } from '../deployments/verifiedStore';
import { toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { PoliciesService } from '../policies/PoliciesService';
import { RolloutViews } from '../rollouts/RolloutViews';
import {
  JoinedPromotionRow,
  requirePromotion,
  selectPromotions,
  toPromotionRecord,
} from './promotionStore';
import { stillServes } from './standing';
import { StepSkipping } from './StepSkipping';
import { allowedEvents, toPromotion, toPromotionSummary } from './toPromotion';
import { PromotionRecord, TERMINAL_STATES } from './types';

const MOST_READS = 3;

/** Shows promotions as one caller may see and act on them. */
export class PromotionViews {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer'>;
  readonly #models: ModelsService;
  readonly #policies: PoliciesService;
  readonly #approvals: ApprovalViews;
  readonly #rollouts: RolloutViews;
  readonly #reviews: BreakGlassReviews;
  readonly #bundles: BundleViews;
  readonly #skipping: StepSkipping;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer'>;
    models: ModelsService;
    policies: PoliciesService;
    approvals: ApprovalViews;
    rollouts: RolloutViews;
    reviews: BreakGlassReviews;
    bundles: BundleViews;
    skipping: StepSkipping;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#policies = options.policies;
    this.#approvals = options.approvals;
    this.#rollouts = options.rollouts;
    this.#reviews = options.reviews;
    this.#bundles = options.bundles;
    this.#skipping = options.skipping;
  }

  /** The promotion of that id. */
  async get(principal: Principal, id: string): Promise<Promotion> {
    const { knex } = this.#context.work;
    let record = await requirePromotion(knex, id);
    await this.#models.requireReadable(principal, record.modelRef);
    for (let attempt = 1; ; attempt++) {
      const view = await this.describe(principal, record);
      const current = await requirePromotion(knex, id);
      // Rows are read one after another: what moved on in between is read again, so that the view is of one moment.
      if (attempt === MOST_READS || isSameMoment(record, current)) {
        return view;
      }
      record = current;
    }
  }

  /** Candidate and control over its rollout. */
  async series(principal: Principal, id: string): Promise<RolloutSeries> {
    const record = await requirePromotion(this.#context.work.knex, id);
    await this.#models.requireReadable(principal, record.modelRef);
    return this.#rollouts.series(record);
  }

  /** The whole of a promotion that the caller may see. */
  async describe(
    principal: Principal,
    record: PromotionRecord,
  ): Promise<Promotion> {
    const { work, authorizer } = this.#context;
    const resource = toModelResource(
      { ref: record.modelRef, owner: record.owner, risk: record.risk },
      record.environment,
    );
    const [policy, approval, { rollout, step }, events, mayRollBack] =
      await Promise.all([
        this.#policies.byDigest(work.knex, record.policyDigest),
        this.#approvals.describe(principal, record),
        this.#rollouts.describe(record),
        this.#eventsOf(principal, record),
        authorizer.mayOnModel(principal, rollbackPermission, resource),
      ]);
    const target =
      mayRollBack &&
      (await stillServes(work.knex, record)) &&
      (await findRollbackTarget(
        work.knex,
        record.modelRef,
        record.environment,
      ));
    const inForce = this.#policies.forModel(record);
    const isOver = TERMINAL_STATES.includes(record.state);
    return toPromotion(record, work.now(), {
      ...(!isOver &&
        inForce.digest !== record.policyDigest && {
          newerPolicy: { name: inForce.name, digest: inForce.digest },
        }),
      tier: policy.tier,
      policyName: policy.name,
      approval,
      rollout,
      step,
      events,
      mayRollBack: Boolean(target) && !record.bundle,
      together: await this.#bundles.describeOf(principal, record),
      review: await this.#reviews.viewerOf(principal, record),
    });
  }

  /** What the caller may let happen, who needs the permission for all that go together. */
  async #eventsOf(
    principal: Principal,
    record: PromotionRecord,
  ): Promise<PromotionEvent[]> {
    const { work, authorizer } = this.#context;
    const together = await findTogether(work.knex, record);
    const skip: PromotionEvent[] = (await this.#skipping.maySkip(
      principal,
      record,
    ))
      ? ['skip']
      : [];
    for (const each of together) {
      const mayControl = await authorizer.mayOnModel(
        principal,
        promotionControlPermission,
        toModelResource(
          { ref: each.modelRef, owner: each.owner, risk: each.risk },
          each.environment,
        ),
      );
      if (!mayControl) {
        return skip;
      }
    }
    const possible = eventsTogether(together, allowedEvents);
    return possible.filter(event => event !== 'skip' || skip.includes(event));
  }

  /** One page of the promotions that the caller may see, newest first. */
  async list(
    principal: Principal,
    filter: {
      model?: string;
      environment?: string;
      state?: PromotionState[];
      /** Only emergencies that wait for their review, or whose review is overdue. */
      review?: 'due' | 'overdue';
    },
    page: PageRequest,
  ): Promise<Page<PromotionSummary>> {
    const { work, authorizer } = this.#context;
    const visible = await authorizer.modelFilter(
      principal,
      modelReadPermission,
    );
    const rows = (await selectPromotions(work.knex)
      .modify(visible)
      .modify(query => {
        if (filter.model) {
          query.where(
            'promotions.model_ref',
            filter.model.toLocaleLowerCase('en-US'),
          );
        }
        if (filter.environment) {
          query.where('promotions.environment', filter.environment);
        }
        if (filter.state && filter.state.length > 0) {
          query.whereIn('promotions.state', filter.state);
        }
        if (filter.review) {
          whereReviewDue(
            query,
            filter.review === 'overdue' ? work.now() : undefined,
          );
        }
        if (page.cursor) {
          const [id] = decodeCursor(page.cursor, 'number');
          query.where('promotions.id', '<', id);
        }
      })
      .orderBy('promotions.id', 'desc')
      .limit(page.limit + 1)) as JoinedPromotionRow[];
    return toPage(
      rows,
      page.limit,
      row => [row.id],
      row => toPromotionSummary(toPromotionRecord(row), work.now()),
    );
  }
}

function isSameMoment(a: PromotionRecord, b: PromotionRecord): boolean {
  return (
    a.revision === b.revision &&
    a.operation === b.operation &&
    a.stepIndex === b.stepIndex &&
    a.share === b.share
  );
}
