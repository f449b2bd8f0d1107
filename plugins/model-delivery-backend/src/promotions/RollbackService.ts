import { ConflictError, InputError } from '@backstage/errors';
import {
  ApiSchemas,
  rollbackPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { reasonWithAgent } from '../access/agents';
import { Principal } from '../access/principal';
import { boundText, findBinding } from '../bundles/servingBundles';
import { EngineContext } from '../context';
import { findServing } from '../deployments/deploymentStore';
import { findRollbackTarget, isVerifiedIn } from '../deployments/verifiedStore';
import { ModelRecord, toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requireEnvironment } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { noDeployer, Targets } from '../rollouts/targets';
import { VersionsService } from '../versions/VersionsService';
import { changeModel } from './changeModel';
import { insertRollback } from './insertRollback';
import { onceByKey } from './onceByKey';
import { PromotionControl } from './PromotionControl';
import { findOpenPromotions } from './promotionStore';
import { nextState } from './transitions';
import { PromotionRecord } from './types';

type RollbackRequest = ApiSchemas['RollbackRequest'];

/** Puts earlier versions back, at once: no gate and no approval stands in the way of safety. */
export class RollbackService {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #policies: PoliciesService;
  readonly #targets: Targets;
  readonly #control: PromotionControl;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer'>;
    models: ModelsService;
    versions: VersionsService;
    policies: PoliciesService;
    targets: Targets;
    control: PromotionControl;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#versions = options.versions;
    this.#policies = options.policies;
    this.#targets = options.targets;
    this.#control = options.control;
  }

  /**
   * Rolls an environment back, to the version before without a named one. A promotion that is rolling out there is
   * aborted first.
   * @throws ConflictError when there is nothing to return to, InputError, NotFoundError, NotAllowedError
   */
  async rollBack(
    principal: Principal,
    modelRef: string,
    body: RollbackRequest,
  ): Promise<PromotionRecord> {
    const { work, authorizer } = this.#context;
    const model = await this.#models.require(modelRef);
    await authorizer.requireOnModel(
      principal,
      rollbackPermission,
      toModelResource(model, body.environment),
    );
    const reason = reasonWithAgent(
      principal,
      body,
      body.reason,
      'request/body/reason',
    );
    if (!reason) {
      throw new InputError(
        'request/body/reason is compulsory: say what went wrong',
      );
    }
    const asked = { ...body, model: model.ref };
    const { record } = await onceByKey(work.knex, principal.ref, asked, () =>
      this.#make(principal, model, { ...body, reason }),
    );
    return record;
  }

  async #make(
    principal: Principal,
    model: ModelRecord,
    body: RollbackRequest,
  ): Promise<PromotionRecord> {
    const { work } = this.#context;
    const { reason } = body;
    const policy = this.#policies.forModel(model);
    const environment = requireEnvironment(policy, body.environment);
    const version = await this.#findTarget(model, body);
    const target = { model: model.ref, environment: environment.name };
    if (!this.#targets.deployerOf(target)) {
      throw new ConflictError(noDeployer(target));
    }
    return changeModel({ work, models: this.#models }, model.ref, async tx => {
      await refuseApart(tx.knex, model.ref, environment.name);
      const open = await findOpenPromotions(
        tx.knex,
        model.ref,
        environment.name,
      );
      const twin = open.find(each => each.kind === 'rollback');
      if (twin) {
        throw new ConflictError(
          `Promotion ${twin.id} already rolls ${environment.name} back to ${twin.version}`,
        );
      }
      for (const each of [...open].reverse()) {
        const isMoving =
          each.rolloutStartedAt !== null && each.state !== 'rolling-back';
        if (isMoving && nextState(each, 'abort')) {
          await this.#control.abort(
            tx,
            each,
            principal.ref,
            `a rollback to ${version.name} was asked for: ${reason}`,
          );
        }
      }
      return insertRollback(tx, {
        modelRef: model.ref,
        environment,
        version,
        policyDigest: policy.digest,
        requestedBy: principal.ref,
        note: reason,
        idempotencyKey: body.idempotencyKey,
      });
    });
  }

  async #findTarget(
    model: ModelRecord,
    { environment, version: name }: RollbackRequest,
  ): Promise<{ id: string; name: string }> {
    const { knex } = this.#context.work;
    const serving = await findServing(knex, model.ref, environment);
    if (!name) {
      const before = await findRollbackTarget(knex, model.ref, environment);
      if (!before) {
        throw new ConflictError(
          `There is no earlier version in ${environment} to return to`,
        );
      }
      return { id: before.versionId, name: before.version };
    }
    const version = await this.#versions.require(model.ref, name);
    const isAlone = serving.length === 1 && serving[0].versionId === version.id;
    if (isAlone) {
      throw new ConflictError(`${name} already serves in ${environment}`);
    }
    if (!(await isVerifiedIn(knex, model.ref, environment, version.digest))) {
      throw new ConflictError(
        `${name} never served all traffic of ${environment}, or was rolled back there; only a version that has can be returned to`,
      );
    }
    return version;
  }
}

/** @throws ConflictError where what would be rolled back serves or rolls out together with others */
async function refuseApart(
  knex: Knex,
  modelRef: string,
  environment: string,
): Promise<void> {
  const open = await findOpenPromotions(knex, modelRef, environment);
  const moving = open.find(
    each => each.bundle !== null && each.rolloutStartedAt !== null,
  );
  if (moving) {
    throw new ConflictError(
      `${moving.version} goes to ${environment} as part of the bundle '${
        moving.bundle!.name
      }', and not back without the others; roll the bundle back (promotion ${
        moving.bundle!.id
      } of a bundle)`,
    );
  }
  const bound = await findBinding(knex, { modelRef, environment });
  if (bound) {
    throw new ConflictError(
      `${boundText(bound, modelRef)}; roll the bundle back as a whole`,
    );
  }
}
