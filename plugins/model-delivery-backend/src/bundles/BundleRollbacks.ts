import { ConflictError, InputError } from '@backstage/errors';
import { rollbackPermission } from '@slipway/backstage-plugin-model-delivery-common';
import { reasonWithAgent } from '../access/agents';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { Transaction } from '../database/UnitOfWork';
import { isUniqueViolation } from '../database/values';
import { toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requireEnvironment } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { PromotionControl } from '../promotions/PromotionControl';
import { findOpenPromotions } from '../promotions/promotionStore';
import { nextState } from '../promotions/transitions';
import { PromotionRecord, TERMINAL_STATES } from '../promotions/types';
import { noDeployer, Targets } from '../rollouts/targets';
import {
  findMembers,
  lockTogether,
  requireBundlePromotion,
} from './bundlePromotionStore';
import { requireBundle } from './bundleStore';
import { refreshModels } from './changeTogether';
import { byModel } from './bundleDigest';
import {
  insertBundlePromotion,
  NewBundlePromotion,
} from './insertBundlePromotion';
import { findServesIn } from './servingBundles';
import { toReturn } from './toReturn';
import { BundlePromotionRecord } from './types';

/** Takes whole bundles back, at once: no gate and no approval stands in the way of safety. */
export class BundleRollbacks {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer'>;
  readonly #models: ModelsService;
  readonly #policies: PoliciesService;
  readonly #targets: Targets;
  readonly #control: PromotionControl;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer'>;
    models: ModelsService;
    policies: PoliciesService;
    targets: Targets;
    control: PromotionControl;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#policies = options.policies;
    this.#targets = options.targets;
    this.#control = options.control;
  }

  /**
   * Puts back what served before a promotion of a bundle: aborts it while it rolls out; once it serves, begins a rollback
   * of each member that it moved.
   * @returns the id of the bundle's promotion that puts it back: the same one when it is aborted
   * @throws ConflictError when there is nothing to take back or no way back, NotFoundError, NotAllowedError
   */
  async rollBack(
    principal: Principal,
    id: string,
    reason: string,
  ): Promise<number> {
    const { work, authorizer } = this.#context;
    const promotion = await requireBundlePromotion(work.knex, id);
    const members = (await findMembers(work.knex, [promotion.id])).sort(
      byModel,
    );
    for (const each of members) {
      await authorizer.requireOnModel(
        principal,
        rollbackPermission,
        toModelResource(
          { ref: each.modelRef, owner: each.owner, risk: each.risk },
          each.environment,
        ),
      );
    }
    const why = reasonWithAgent(principal, {}, reason, 'request/body/reason');
    if (!why) {
      throw new InputError(
        'request/body/reason is compulsory: say what went wrong',
      );
    }
    if (members.some(each => !TERMINAL_STATES.includes(each.state))) {
      return this.#abort(promotion, members[0], principal.ref, why);
    }
    const moves = await this.#plan(principal, promotion, members, why);
    try {
      return await work.run(async tx => {
        await refuseTwin(tx, moves);
        const made = await insertBundlePromotion(tx, {
          bundleId: promotion.bundleId,
          environment: promotion.environment,
          kind: 'rollback',
          requestedBy: principal.ref,
          note: why,
          members: moves,
        });
        const refs = moves.map(each => each.modelRef);
        await refreshModels(this.#models, tx, refs);
        return made;
      });
    } catch (error) {
      throw isUniqueViolation(error)
        ? new ConflictError(
            `Somebody else asked for a rollback in ${promotion.environment} at the same moment`,
          )
        : error;
    }
  }

  async #abort(
    promotion: BundlePromotionRecord,
    member: PromotionRecord,
    actor: string,
    why: string,
  ): Promise<number> {
    const { work } = this.#context;
    await work.run(async tx => {
      await lockTogether(tx, member);
      const members = await findMembers(tx.knex, [promotion.id]);
      const isMoving = members.some(
        each =>
          each.rolloutStartedAt !== null &&
          nextState(each, 'abort') !== undefined,
      );
      if (promotion.kind === 'rollback' || !isMoving) {
        throw new ConflictError(
          `Promotion ${promotion.id} of a bundle has no traffic to put back: it is ${members[0].state}`,
        );
      }
      await this.#control.abort(tx, members[0], actor, why);
      const refs = members.map(each => each.modelRef);
      await refreshModels(this.#models, tx, refs);
    });
    return promotion.id;
  }

  /** What each member that was moved goes back to. */
  async #plan(
    principal: Principal,
    promotion: BundlePromotionRecord,
    members: PromotionRecord[],
    why: string,
  ): Promise<NewBundlePromotion['members']> {
    const { knex } = this.#context.work;
    const { environment: name } = promotion;
    const bundle = await requireBundle(knex, promotion.bundleId);
    const servesIn = (await findServesIn(knex, [bundle])).get(bundle.id)!;
    const isDone =
      promotion.kind === 'promotion' &&
      members.every(each => each.state === 'succeeded');
    if (!isDone || !servesIn.includes(name)) {
      throw new ConflictError(
        `The bundle '${bundle.name}' does not serve in ${name} as a whole, so it is not rolled back as one`,
      );
    }
    const moves: NewBundlePromotion['members'] = [];
    for (const each of members) {
      const { modelRef } = each;
      const model = await this.#models.require(modelRef);
      const policy = this.#policies.forModel(model);
      const target = { model: modelRef, environment: name };
      if (!this.#targets.deployerOf(target)) {
        throw new ConflictError(noDeployer(target));
      }
      moves.push(
        await toReturn(knex, each, {
          environment: requireEnvironment(policy, name),
          policyDigest: policy.digest,
          requestedBy: principal.ref,
          note: why,
        }),
      );
    }
    return moves;
  }
}

/** @throws ConflictError where a member is on its way back already */
async function refuseTwin(
  tx: Transaction,
  moves: NewBundlePromotion['members'],
): Promise<void> {
  for (const { modelRef, environment } of moves) {
    const open = await findOpenPromotions(tx.knex, modelRef, environment.name);
    const twin = open.find(each => each.kind === 'rollback');
    if (twin) {
      throw new ConflictError(
        `Promotion ${twin.id} already rolls ${twin.modelTitle} back to ${twin.version}`,
      );
    }
  }
}
