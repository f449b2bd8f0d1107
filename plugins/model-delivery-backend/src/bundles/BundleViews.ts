import {
  Bundle,
  BundlePromotion,
  modelReadPermission,
  Promotion,
  rollbackPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { decodeCursor, Page, PageRequest, toPage } from '../database/paging';
import { toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { nextState } from '../promotions/transitions';
import { PromotionRecord, TERMINAL_STATES } from '../promotions/types';
import {
  findMembers,
  requireBundlePromotion,
  toBundlePromotionRecord,
} from './bundlePromotionStore';
import { findBundles, requireBundle, whereVisible } from './bundleStore';
import { findServesIn } from './servingBundles';
import { toBundle } from './toBundle';
import { toBundlePromotion } from './toBundlePromotion';
import { BundlePromotionRecord, BundleRecord } from './types';

/** Shows bundles and their promotions to who may see all models of them. */
export class BundleViews {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer'>;
  readonly #models: ModelsService;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer'>;
    models: ModelsService;
  }) {
    this.#context = options.context;
    this.#models = options.models;
  }

  /** The bundle of that id. */
  async get(principal: Principal, id: string | number): Promise<Bundle> {
    const { knex } = this.#context.work;
    const bundle = await requireBundle(knex, id);
    await this.#requireReadable(principal, bundle);
    const servesIn = await findServesIn(knex, [bundle]);
    return toBundle(bundle, servesIn.get(bundle.id)!);
  }

  /** One page of the bundles that the caller may see all of, newest first. */
  async list(
    principal: Principal,
    filter: { model?: string },
    page: PageRequest,
  ): Promise<Page<Bundle>> {
    const { work, authorizer } = this.#context;
    const { knex } = work;
    const visible = await authorizer.modelFilter(
      principal,
      modelReadPermission,
    );
    const rows: { id: number }[] = await knex('bundles')
      .modify(whereVisible, 'bundles.id', visible)
      .modify(query => {
        if (filter.model) {
          query.whereIn('bundles.id', ofModel =>
            ofModel
              .from('bundle_members')
              .where('model_ref', filter.model!.toLocaleLowerCase('en-US'))
              .select('bundle_id'),
          );
        }
        if (page.cursor) {
          query.where('id', '<', decodeCursor(page.cursor, 'number')[0]);
        }
      })
      .orderBy('id', 'desc')
      .limit(page.limit + 1)
      .select('id');
    const bundles = await findBundles(
      knex,
      rows.map(row => row.id),
    );
    const servesIn = await findServesIn(knex, bundles);
    return toPage(
      bundles,
      page.limit,
      each => [each.id],
      each => toBundle(each, servesIn.get(each.id)!),
    );
  }

  /** The promotion of a bundle of that id. */
  async getPromotion(
    principal: Principal,
    id: string | number,
  ): Promise<BundlePromotion> {
    const { knex } = this.#context.work;
    const record = await requireBundlePromotion(knex, id);
    const bundle = await requireBundle(knex, record.bundleId);
    await this.#requireReadable(principal, bundle);
    return this.#describe(principal, record, bundle);
  }

  /** What goes together with a promotion; undefined where it goes alone, or the caller may not see all of it. */
  async describeOf(
    principal: Principal,
    promotion: PromotionRecord,
  ): Promise<Promotion['together']> {
    if (!promotion.bundle) {
      return undefined;
    }
    const { knex } = this.#context.work;
    const bundle = await requireBundle(knex, promotion.bundle.bundleId);
    return (await this.#isReadable(principal, bundle))
      ? this.#describe(
          principal,
          await requireBundlePromotion(knex, promotion.bundle.id),
          bundle,
        )
      : undefined;
  }

  /** One page of the promotions of bundles that the caller may see all of, newest first. */
  async listPromotions(
    principal: Principal,
    filter: { bundle?: string; model?: string },
    page: PageRequest,
  ): Promise<Page<BundlePromotion>> {
    const { work, authorizer } = this.#context;
    const visible = await authorizer.modelFilter(
      principal,
      modelReadPermission,
    );
    const rows = await work
      .knex('bundle_promotions')
      .modify(whereVisible, 'bundle_promotions.bundle_id', visible)
      .modify(query => {
        if (filter.bundle) {
          query.where('bundle_id', Number(filter.bundle));
        }
        if (filter.model) {
          query.whereIn('bundle_id', ofModel =>
            ofModel
              .from('bundle_members')
              .where('model_ref', filter.model!.toLocaleLowerCase('en-US'))
              .select('bundle_id'),
          );
        }
        if (page.cursor) {
          query.where('id', '<', decodeCursor(page.cursor, 'number')[0]);
        }
      })
      .orderBy('id', 'desc')
      .limit(page.limit + 1);
    const { items, nextCursor } = toPage(
      rows,
      page.limit,
      row => [row.id],
      toBundlePromotionRecord,
    );
    const views: BundlePromotion[] = [];
    for (const record of items) {
      const bundle = await requireBundle(work.knex, record.bundleId);
      views.push(await this.#describe(principal, record, bundle));
    }
    return { items: views, ...(nextCursor && { nextCursor }) };
  }

  async #describe(
    principal: Principal,
    record: BundlePromotionRecord,
    bundle: BundleRecord,
  ): Promise<BundlePromotion> {
    const { work } = this.#context;
    const members = await findMembers(work.knex, [record.id]);
    const canGoBack =
      record.kind === 'promotion' &&
      (members.some(isOnItsWay) ||
        (await this.#isTheOne(record, bundle, members)));
    return toBundlePromotion({
      record,
      bundle,
      members,
      now: work.now(),
      mayRollBack: canGoBack && (await this.#mayRollBack(principal, members)),
    });
  }

  /** Whether a promotion of a bundle is done, serves as a whole, and every member has something to return to. */
  async #isTheOne(
    record: BundlePromotionRecord,
    bundle: BundleRecord,
    members: PromotionRecord[],
  ): Promise<boolean> {
    const hasWayBack = members.every(
      each => each.state === 'succeeded' && each.fromVersionId !== null,
    );
    if (!hasWayBack) {
      return false;
    }
    const servesIn = await findServesIn(this.#context.work.knex, [bundle]);
    return servesIn.get(bundle.id)!.includes(record.environment);
  }

  async #mayRollBack(
    principal: Principal,
    members: PromotionRecord[],
  ): Promise<boolean> {
    for (const { modelRef: ref, owner, risk, environment } of members) {
      const may = await this.#context.authorizer.mayOnModel(
        principal,
        rollbackPermission,
        toModelResource({ ref, owner, risk }, environment),
      );
      if (!may) {
        return false;
      }
    }
    return true;
  }

  async #requireReadable(
    principal: Principal,
    bundle: BundleRecord,
  ): Promise<void> {
    for (const { modelRef } of bundle.members) {
      await this.#models.requireReadable(principal, modelRef);
    }
  }

  async #isReadable(
    principal: Principal,
    bundle: BundleRecord,
  ): Promise<boolean> {
    for (const { modelRef } of bundle.members) {
      const model = await this.#models.require(modelRef);
      const may = await this.#context.authorizer.mayOnModel(
        principal,
        modelReadPermission,
        toModelResource(model),
      );
      if (!may) {
        return false;
      }
    }
    return true;
  }
}

function isOnItsWay(member: PromotionRecord): boolean {
  return (
    member.rolloutStartedAt !== null &&
    !TERMINAL_STATES.includes(member.state) &&
    nextState(member, 'abort') !== undefined
  );
}
