import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import {
  breakGlassPermission,
  BreakGlassPreview,
  PromotionRequest,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Principal } from '../access/principal';
import { noteRefusal } from '../audit/noteRefusal';
import { EngineContext } from '../context';
import { findControl } from '../deployments/deploymentStore';
import { DeploymentFact } from '../deployments/types';
import { GatesService, NO_GATES } from '../gates/GatesService';
import { ModelRecord, toModelResource } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import { requirePerson, requireRole } from '../people/requireRole';
import { productionOf, requireEnvironment } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { Policy, PolicyEnvironment } from '../policies/types';
import { changeModel } from '../promotions/changeModel';
import { insertPromotion } from '../promotions/insertPromotion';
import { findObstacle } from '../promotions/obstacles';
import { onceByKey } from '../promotions/onceByKey';
import { PromotionControl } from '../promotions/PromotionControl';
import {
  findOpenPromotions,
  lockPromotion,
} from '../promotions/promotionStore';
import { nextState } from '../promotions/transitions';
import { PromotionRecord } from '../promotions/types';
import { isStuck } from '../rollouts/makeWay';
import { Targets } from '../rollouts/targets';
import { VersionsService } from '../versions/VersionsService';
import { emergencyPlan } from './emergencyPlan';
import { findBypassed } from './findBypassed';
import { notifyBroken, notifyReplaced } from './notifications';

/** How short the reason for an emergency may be, in characters. */
const SHORTEST_REASON = 10;

type EmergencyRequest = PromotionRequest & { breakGlass: { reason: string } };
type Terms = NonNullable<PolicyEnvironment['breakGlass']>;

/** What an emergency would be, as far as it is known before it is asked for. */
interface Emergency {
  model: ModelRecord;
  policy: Policy;
  environment: PolicyEnvironment;
  terms: Terms;
  version: { id: string; name: string; digest: string };
  control: DeploymentFact | undefined;
  /** What it cannot go past, in words. */
  obstacle: string | undefined;
  bypassed: BreakGlassPreview['bypassed'];
}

/** Takes requests for emergency promotions: past gates, approvals and waiting, but never unseen. */
export class BreakGlassRequests {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #policies: PoliciesService;
  readonly #gates: GatesService;
  readonly #targets: Targets;
  readonly #control: PromotionControl;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
    models: ModelsService;
    versions: VersionsService;
    policies: PoliciesService;
    gates: GatesService;
    targets: Targets;
    control: PromotionControl;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#versions = options.versions;
    this.#policies = options.policies;
    this.#gates = options.gates;
    this.#targets = options.targets;
    this.#control = options.control;
  }

  /**
   * Puts a version into an environment past its gates and approvals, at once or right after what moves traffic there.
   * @returns the promotion, and whether it is new: the same idempotency key gives the same promotion
   * @throws NotAllowedError for who may not, NotFoundError for an unknown model or version, InputError for an unknown
   *   environment or too short a reason, ConflictError for what even an emergency cannot go past
   */
  async request(
    principal: Principal,
    body: EmergencyRequest,
  ): Promise<{ record: PromotionRecord; isNew: boolean }> {
    const { work } = this.#context;
    const { ref } = await this.#models.require(body.model);
    const emergency = await noteRefusal(
      work,
      {
        actor: principal.ref,
        action: 'promotion.break-glass-refused',
        model: ref,
        subject: ref,
        deed: `Emergency promotion of ${body.version} to ${body.environment}`,
      },
      () => this.#find(principal, body),
    );
    return onceByKey(work.knex, principal.ref, body, () =>
      this.#make(principal, emergency, body),
    );
  }

  async #make(
    principal: Principal,
    emergency: Emergency,
    body: EmergencyRequest,
  ): Promise<PromotionRecord> {
    const { model, environment, terms, version, control } = emergency;
    const reason = body.breakGlass.reason.trim();
    if (reason.length < SHORTEST_REASON) {
      throw new InputError(
        `request/body/breakGlass/reason has to be at least ${SHORTEST_REASON} characters long: say what happened, and why it cannot wait`,
      );
    }
    if (emergency.obstacle) {
      throw new ConflictError(emergency.obstacle);
    }
    return changeModel(
      { work: this.#context.work, models: this.#models },
      model.ref,
      async tx => {
        const known = await findTwin(tx.knex, emergency);
        // Whatever the engine does with it at the same moment comes before or after
        const twin = known && (await lockPromotion(tx, known.id));
        const replaced =
          twin &&
          (await this.#control.cancel(
            tx,
            requireCancellable(twin),
            principal.ref,
            `an emergency promotion takes its place: ${reason}`,
          ));
        const made = await insertPromotion(tx, {
          kind: 'promotion',
          state: 'requested',
          modelRef: model.ref,
          versionId: version.id,
          versionName: version.name,
          environment,
          policyDigest: emergency.policy.digest,
          requestedBy: principal.ref,
          // What cannot wait was not planned: it counts as rework, whatever the caller calls it
          reason: 'unplanned-fix',
          note: body.note ?? null,
          idempotencyKey: body.idempotencyKey,
          control,
          plan: emergencyPlan(environment.rollout),
          gateCounts: NO_GATES,
          breakGlass: {
            reason,
            role: terms.role,
            reviewRole: terms.reviewRole,
            bypassed: emergency.bypassed,
            reviewBy: new Date(
              tx.now.getTime() + terms.reviewWithinSeconds * 1000,
            ),
          },
        });
        notifyBroken(tx, made);
        if (replaced) {
          notifyReplaced(tx, replaced, made);
        }
        return made;
      },
    );
  }

  /**
   * What an emergency promotion would go past, whom it would have to be reviewed by, and what it cannot go past.
   * @throws NotAllowedError for who may not, NotFoundError, InputError
   */
  async preview(
    principal: Principal,
    asked: { model: string; version: string; environment: string },
  ): Promise<BreakGlassPreview> {
    const { knex } = this.#context.work;
    const emergency = await this.#find(principal, asked);
    const { terms, model, environment } = emergency;
    const twin = await findTwin(knex, emergency);
    const open = await findOpenPromotions(knex, model.ref, environment.name);
    const moving = open.find(
      each =>
        each.rolloutStartedAt !== null &&
        each.id !== twin?.id &&
        !isStuck(each),
    );
    return {
      bypassed: emergency.bypassed,
      role: terms.role,
      reviewRole: terms.reviewRole,
      reviewWithinSeconds: terms.reviewWithinSeconds,
      replaces: twin ? String(twin.id) : null,
      waitsFor: moving ? String(moving.id) : null,
      refusedBecause:
        emergency.obstacle ?? (twin && whyNotCancellable(twin)) ?? null,
    };
  }

  /** Names of the environments in which a person may break the glass for a model. */
  async environmentsOf(
    principal: Principal,
    model: ModelRecord,
  ): Promise<string[]> {
    const possible = this.#policies
      .forModel(model)
      .environments.filter(each => each.breakGlass);
    if (!principal.isUser || possible.length === 0) {
      return [];
    }
    const allowed: string[] = [];
    let groups: Set<string> | undefined;
    for (const { name, breakGlass } of possible) {
      const mayAtAll = await this.#context.authorizer.mayOnModel(
        principal,
        breakGlassPermission,
        toModelResource(model, name),
      );
      if (mayAtAll) {
        groups ??= await this.#context.directory.groupsOf(principal.ref);
        if (groups.has(breakGlass!.role.group)) {
          allowed.push(name);
        }
      }
    }
    return allowed;
  }

  async #find(
    principal: Principal,
    asked: { model: string; version: string; environment: string },
  ): Promise<Emergency> {
    const { work } = this.#context;
    const { knex } = work;
    const model = await this.#models.require(asked.model);
    const policy = this.#policies.forModel(model);
    const environment = requireEnvironment(policy, asked.environment);
    const terms = await this.#requireAllowed(
      principal,
      model,
      policy,
      environment,
    );
    const version = await this.#versions.require(model.ref, asked.version);
    const control = await findControl(knex, model.ref, environment.name);
    const report = await this.#gates.evaluate(knex, {
      policy,
      environment,
      versionId: version.id,
      versionDigest: version.digest,
      production: await findControl(knex, model.ref, productionOf(policy).name),
      requestedBy: principal.ref,
      now: work.now(),
    });
    const place = { knex, policy, environment, modelRef: model.ref };
    return {
      model,
      policy,
      environment,
      terms,
      version,
      control,
      obstacle: await findObstacle({
        ...place,
        targets: this.#targets,
        versions: this.#versions,
        directory: this.#context.directory,
        version,
        control,
        now: work.now(),
        isEmergency: true,
      }),
      bypassed: await findBypassed({
        ...place,
        versionDigest: version.digest,
        blocking: report.blocking,
        now: work.now(),
      }),
    };
  }

  async #requireAllowed(
    principal: Principal,
    model: ModelRecord,
    policy: Policy,
    environment: PolicyEnvironment,
  ): Promise<Terms> {
    requirePerson(principal, 'may break the glass');
    await this.#context.authorizer.requireOnModel(
      principal,
      breakGlassPermission,
      toModelResource(model, environment.name),
    );
    const terms = environment.breakGlass;
    if (!terms) {
      throw new NotAllowedError(
        `The policy '${policy.name}' allows no emergency promotion to ${environment.name}`,
      );
    }
    await requireRole(
      this.#context.directory,
      principal.ref,
      terms.role,
      `, who alone may break the glass in ${environment.name}`,
    );
    return terms;
  }
}

/** The promotion that already takes that version there, which an emergency takes the place of. */
async function findTwin(
  knex: Knex,
  { model, environment, version }: Emergency,
): Promise<PromotionRecord | undefined> {
  const open = await findOpenPromotions(knex, model.ref, environment.name);
  return open.find(
    each => each.versionId === version.id && each.kind === 'promotion',
  );
}

function whyNotCancellable(twin: PromotionRecord): string | undefined {
  if (twin.bundle) {
    return `Promotion ${twin.id} takes ${twin.version} to ${twin.environment} together with the others of the bundle '${twin.bundle.name}'; cancel or abort that first`;
  }
  const isStarted = twin.rolloutStartedAt !== null && !isStuck(twin);
  return isStarted || twin.breakGlass || !nextState(twin, 'cancel')
    ? `Promotion ${twin.id} already takes ${twin.version} to ${twin.environment}; it is ${twin.state}`
    : undefined;
}

/** @throws ConflictError when it is on its way already: nobody's rollout is stopped by the way */
function requireCancellable(twin: PromotionRecord): PromotionRecord {
  const why = whyNotCancellable(twin);
  if (why) {
    throw new ConflictError(why);
  }
  return twin;
}
