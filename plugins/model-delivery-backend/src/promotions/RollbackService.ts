import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import {
  ApiSchemas,
  rollbackPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { reasonWithAgent } from '../access/agents';
import { Principal } from '../access/principal';
import { findTogether } from '../bundles/bundlePromotionStore';
import { boundText, findBinding } from '../bundles/servingBundles';
import { EngineContext } from '../context';
import { findServing } from '../deployments/deploymentStore';
import { DeploymentFact } from '../deployments/types';
import { findRollbackTarget, findVerified } from '../deployments/verifiedStore';
import { ModelRecord, toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requireEnvironment } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { noDeployer, Targets } from '../rollouts/targets';
import { VersionsService } from '../versions/VersionsService';
import { changeModel } from './changeModel';
import { insertRollback } from './insertRollback';
import { retryOrReplace } from './retryRollback';
import { onceByKey } from './onceByKey';
import { findOpenPromotions } from './promotionStore';
import { requireStanding } from './standing';
import { isTrafficTouched } from './transitions';
import { PromotionRecord } from './types';

type RollbackRequest = ApiSchemas['RollbackRequest'];

/** Puts earlier versions back, at once: no gate and no approval stands in the way of safety. */
export class RollbackService {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #policies: PoliciesService;
  readonly #targets: Targets;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer'>;
    models: ModelsService;
    versions: VersionsService;
    policies: PoliciesService;
    targets: Targets;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#versions = options.versions;
    this.#policies = options.policies;
    this.#targets = options.targets;
  }

  /**
   * Rolls an environment back, to the version before without a named one. A promotion that is rolling out there is
   * stopped first. One that is in technical trouble already is tried again at once, or gives way to another version.
   * @throws ConflictError when there is nothing to return to, or the promotion that it is asked for from serves no
   *   longer; InputError, NotFoundError, NotAllowedError
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
    const asked = { ...body, model: model.ref, kind: 'rollback' } as const;
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
    const place = { modelRef: model.ref, environment: environment.name };
    const requireFrom = async (knex: Knex) =>
      body.promotion && requireStanding(knex, place, body.promotion);
    await requireFrom(work.knex);
    const version = await this.#findTarget(principal, model, body);
    const target = { model: model.ref, environment: environment.name };
    if (!this.#targets.deployerOf(target)) {
      throw new ConflictError(noDeployer(target));
    }
    return changeModel({ work, models: this.#models }, model.ref, async tx => {
      await requireFrom(tx.knex);
      await refuseApart(tx.knex, model.ref, environment.name);
      const open = await findOpenPromotions(
        tx.knex,
        model.ref,
        environment.name,
      );
      const twin = open.find(each => each.kind === 'rollback');
      const again =
        twin &&
        (await retryOrReplace(tx, twin, {
          actor: principal.ref,
          versionId: version.id,
          reason,
        }));
      if (again) {
        return again;
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
    principal: Principal,
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
      refuseOwnRecord(principal, before);
      return { id: before.versionId, name: before.version };
    }
    const version = await this.#versions.require(model.ref, name);
    const isAlone = serving.length === 1 && serving[0].versionId === version.id;
    if (isAlone) {
      throw new ConflictError(`${name} already serves in ${environment}`);
    }
    const verified = await findVerified(
      knex,
      model.ref,
      environment,
      version.digest,
    );
    if (!verified) {
      throw new ConflictError(
        `${name} never served all traffic of ${environment}, or was rolled back there; only a version that has can be returned to, and what was recorded after Slipway had deployed there does not count`,
      );
    }
    refuseOwnRecord(principal, verified);
    return version;
  }
}

/**
 * What was deployed outside passed no gate here. Who says that it served is not the one who puts it there.
 * @throws NotAllowedError
 */
function refuseOwnRecord(
  principal: Principal,
  { version, environment, recordedBy }: DeploymentFact,
): void {
  if (recordedBy === principal.ref) {
    throw new NotAllowedError(
      `${principal.ref} recorded that ${version} served in ${environment}, so somebody else has to return to it`,
    );
  }
}

/** @throws ConflictError where what would be rolled back serves or rolls out together with others */
async function refuseApart(
  knex: Knex,
  modelRef: string,
  environment: string,
): Promise<void> {
  const open = await findOpenPromotions(knex, modelRef, environment);
  for (const each of open) {
    const together = each.bundle ? await findTogether(knex, each) : [];
    if (together.some(isTrafficTouched)) {
      throw new ConflictError(
        `${each.version} goes to ${environment} as part of the bundle '${
          each.bundle!.name
        }', and not back without the others; roll the bundle back (promotion ${
          each.bundle!.id
        } of a bundle)`,
      );
    }
  }
  const bound = await findBinding(knex, { modelRef, environment });
  if (bound) {
    throw new ConflictError(
      `${boundText(bound, modelRef)}; roll the bundle back as a whole`,
    );
  }
}
