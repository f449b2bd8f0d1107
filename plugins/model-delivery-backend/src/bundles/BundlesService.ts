import { ConflictError, InputError } from '@backstage/errors';
import {
  BundlePromotionRequest,
  BundleRegistration,
  promotionRequestPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { reasonWithAgent } from '../access/agents';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { Transaction } from '../database/UnitOfWork';
import { isUniqueViolation } from '../database/values';
import { findControl } from '../deployments/deploymentStore';
import { NO_GATES } from '../gates/GatesService';
import { toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requireEnvironment } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { DIRECT_PLAN } from '../policies/toContent';
import { NewPromotion } from '../promotions/insertPromotion';
import { askObstacle } from '../promotions/askObstacle';
import { findOpenPromotions } from '../promotions/promotionStore';
import { Targets } from '../rollouts/targets';
import { VersionsService } from '../versions/VersionsService';
import { listing } from '../words';
import { bundleDigest, byModel } from './bundleDigest';
import {
  insertBundlePromotion,
  NewBundlePromotion,
} from './insertBundlePromotion';
import { findBundleByDigest, requireBundle } from './bundleStore';
import { BundleMember, BundleRecord } from './types';
import { refreshModels } from './changeTogether';

/** Says which versions go together, and asks for them to be promoted together. */
export class BundlesService {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #policies: PoliciesService;
  readonly #targets: Targets;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
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
   * Registers a bundle. The same members are the same bundle, whatever it is called.
   * @throws InputError for two versions of one model, NotFoundError for an unknown model or version, NotAllowedError
   */
  async register(
    principal: Principal,
    body: BundleRegistration,
  ): Promise<{ bundle: BundleRecord; isNew: boolean }> {
    const { work, authorizer } = this.#context;
    const members: BundleMember[] = [];
    for (const [i, asked] of body.members.entries()) {
      const model = await this.#models.require(asked.model);
      await authorizer.requireOnModel(
        principal,
        promotionRequestPermission,
        toModelResource(model),
      );
      if (members.some(each => each.modelRef === model.ref)) {
        throw new InputError(
          `request/body/members/${i} is a second version of ${model.ref}; a bundle has one of each model`,
        );
      }
      const version = await this.#versions.require(model.ref, asked.version);
      members.push({
        modelRef: model.ref,
        modelTitle: model.title,
        versionId: version.id,
        version: version.name,
        versionDigest: version.digest,
      });
    }
    members.sort(byModel);
    const digest = bundleDigest(members);
    const known = await findBundleByDigest(work.knex, digest);
    if (known) {
      return { bundle: known, isNew: false };
    }
    try {
      await work.run(tx =>
        insertBundle(tx, principal.ref, body.name.trim(), digest, members),
      );
    } catch (error) {
      if (!isUniqueViolation(error)) {
        throw error;
      }
    }
    const bundle = await findBundleByDigest(work.knex, digest);
    return { bundle: bundle!, isNew: true };
  }

  /**
   * Asks for all members of a bundle to be put into an environment together. Those that serve there already stay.
   * @returns the id of the bundle's promotion, and whether it is new: the same idempotency key gives the same
   * @throws NotFoundError, InputError for an environment that one of the models does not have, ConflictError when a
   *   member cannot go there now, NotAllowedError
   */
  async request(
    principal: Principal,
    body: BundlePromotionRequest,
  ): Promise<{ id: number; isNew: boolean }> {
    const { work, authorizer } = this.#context;
    const bundle = await requireBundle(work.knex, body.bundle);
    for (const member of bundle.members) {
      await authorizer.requireOnModel(
        principal,
        promotionRequestPermission,
        toModelResource(
          await this.#models.require(member.modelRef),
          body.environment,
        ),
      );
    }
    const note = reasonWithAgent(principal, {}, body.note, 'request/body/note');
    const repeated = await this.#findByKey(principal, body);
    if (repeated) {
      return { id: repeated, isNew: false };
    }
    try {
      return {
        id: await this.#make(principal, bundle, { ...body, note }),
        isNew: true,
      };
    } catch (error) {
      const winner = await this.#findByKey(principal, body);
      if (winner) {
        return { id: winner, isNew: false };
      }
      throw isUniqueViolation(error)
        ? new ConflictError(
            `Somebody else asked for a member of the bundle '${bundle.name}' in ${body.environment} at the same moment`,
          )
        : error;
    }
  }

  async #make(
    principal: Principal,
    bundle: BundleRecord,
    body: BundlePromotionRequest,
  ): Promise<number> {
    const { work } = this.#context;
    const moves: NewBundlePromotion['members'] = [];
    for (const member of bundle.members) {
      const made = await this.#plan(principal, bundle, member, body);
      if (made) {
        moves.push(made);
      }
    }
    if (moves.length === 0) {
      throw new ConflictError(
        `All of the bundle '${bundle.name}' serves in ${body.environment} already`,
      );
    }
    return work.run(async tx => {
      for (const move of moves) {
        await refuseTwin(tx, move, body.environment);
      }
      const id = await insertBundlePromotion(tx, {
        bundleId: bundle.id,
        environment: body.environment,
        kind: 'promotion',
        requestedBy: principal.ref,
        note: body.note ?? null,
        idempotencyKey: body.idempotencyKey,
        members: moves,
      });
      const refs = moves.map(each => each.modelRef);
      await refreshModels(this.#models, tx, refs);
      return id;
    });
  }

  /** The promotion that a member needs; undefined where it serves already. */
  async #plan(
    principal: Principal,
    bundle: BundleRecord,
    member: BundleMember,
    body: BundlePromotionRequest,
  ): Promise<NewPromotion | undefined> {
    const { work } = this.#context;
    const { modelRef, versionId } = member;
    const model = await this.#models.require(modelRef);
    const policy = this.#policies.forModel(model);
    const environment = requireEnvironment(policy, body.environment);
    const control = await findControl(work.knex, modelRef, environment.name);
    if (control?.versionId === versionId) {
      return undefined;
    }
    const obstacle = await askObstacle({
      knex: work.knex,
      targets: this.#targets,
      policy,
      environment,
      modelRef,
      versions: this.#versions,
      directory: this.#context.directory,
      version: {
        id: versionId,
        name: member.version,
        digest: member.versionDigest,
      },
      control,
      now: work.now(),
      models: bundle.members.map(each => each.modelRef),
    });
    if (obstacle) {
      throw new ConflictError(`${model.title}: ${obstacle}`);
    }
    return {
      kind: 'promotion',
      state: 'requested',
      modelRef,
      versionId,
      versionName: member.version,
      environment,
      policyDigest: policy.digest,
      requestedBy: principal.ref,
      reason: body.reason ?? 'planned',
      note: body.note ?? null,
      idempotencyKey: undefined,
      control,
      plan: control ? environment.rollout : DIRECT_PLAN,
      gateCounts: NO_GATES,
    };
  }

  async #findByKey(
    principal: Principal,
    body: BundlePromotionRequest,
  ): Promise<number | undefined> {
    if (!body.idempotencyKey) {
      return undefined;
    }
    const row:
      | { id: number; bundle_id: number; environment: string }
      | undefined = await this.#context.work
      .knex('bundle_promotions')
      .where({
        requested_by: principal.ref,
        idempotency_key: body.idempotencyKey,
      })
      .first();
    if (
      row &&
      (String(row.bundle_id) !== body.bundle ||
        row.environment !== body.environment)
    ) {
      throw new ConflictError(
        `The idempotency key '${body.idempotencyKey}' was used for promotion ${row.id} of a bundle, which is another request`,
      );
    }
    return row?.id;
  }
}

async function insertBundle(
  tx: Transaction,
  registeredBy: string,
  name: string,
  digest: string,
  members: BundleMember[],
): Promise<void> {
  const [{ id }] = await tx
    .knex('bundles')
    .insert({
      name,
      digest,
      registered_by: registeredBy,
      registered_at: tx.now,
    })
    .returning('id');
  await tx.knex('bundle_members').insert(
    members.map(each => ({
      bundle_id: id,
      model_ref: each.modelRef,
      version_id: each.versionId,
    })),
  );
  for (const member of members) {
    tx.record({
      actor: registeredBy,
      action: 'bundle.registered',
      model: member.modelRef,
      subject: `bundle:${id}`,
      summary: `Registered the bundle '${name}' of ${listing(
        members.map(each => `${each.version} of ${each.modelTitle}`),
      )}`,
      details: {
        digest,
        members: members.map(each => ({
          model: each.modelRef,
          version: each.version,
          versionDigest: each.versionDigest,
        })),
      },
    });
  }
}

async function refuseTwin(
  tx: Transaction,
  move: NewPromotion,
  environment: string,
): Promise<void> {
  const open = await findOpenPromotions(tx.knex, move.modelRef, environment);
  const twin = open.find(
    each => each.versionId === move.versionId && each.kind === 'promotion',
  );
  if (twin) {
    throw new ConflictError(
      `Promotion ${twin.id} already takes ${twin.version} of ${
        twin.modelTitle
      } to ${environment}${
        twin.bundle ? ` as part of the bundle '${twin.bundle.name}'` : ''
      }; it is ${twin.state}`,
    );
  }
}
