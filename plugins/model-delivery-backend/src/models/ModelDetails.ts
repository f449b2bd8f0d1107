import {
  Deployment,
  EnvironmentStatus,
  evidenceRevokePermission,
  ModelDetail,
  promotionRequestPermission,
  rollbackPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { TargetState } from '@slipway/backstage-plugin-model-delivery-node';
import { Principal } from '../access/principal';
import { BreakGlassRequests } from '../breakGlass/BreakGlassRequests';
import { EngineContext } from '../context';
import { DeploymentFact, Deployments } from '../deployments/types';
import { Policies, PolicyEnvironment } from '../policies/types';
import {
  findOpen as findOpenChanges,
  toOutsideChange,
} from '../outsideChanges/outsideChangeStore';
import { PromotionRecord, Promotions } from '../promotions/types';
import { openRevocation } from '../revocations/deploymentRevocations';
import { RevocationAcknowledgements } from '../revocations/RevocationAcknowledgements';
import { findUnregistered } from '../registries/findUnregistered';
import { RegistriesService } from '../registries/RegistriesService';
import { Targets } from '../rollouts/targets';
import { toModelSummary } from './listModels';
import { ModelRecord, toModelRecord, toModelResource } from './ModelRecord';
import { ModelsService } from './ModelsService';
import { findModel } from './modelStore';

/** How long a deployer may take to say how its target looks before the page goes without, in milliseconds. */
const OBSERVE_TIMEOUT_MS = 1_000;

/** Tells where a model stands in each environment of its policy. */
export class ModelDetails {
  readonly #context: EngineContext;
  readonly #models: ModelsService;
  readonly #policies: Pick<Policies, 'forModel'>;
  readonly #promotions: Pick<Promotions, 'openOf' | 'toPromotionSummary'>;
  readonly #deployments: Deployments;
  readonly #registries: RegistriesService;
  readonly #targets: Targets;
  readonly #emergencies: BreakGlassRequests;
  readonly #acknowledgements: RevocationAcknowledgements;

  constructor(
    context: EngineContext,
    services: {
      models: ModelsService;
      policies: Pick<Policies, 'forModel'>;
      promotions: Pick<Promotions, 'openOf' | 'toPromotionSummary'>;
      deployments: Deployments;
      registries: RegistriesService;
      emergencies: BreakGlassRequests;
      acknowledgements: RevocationAcknowledgements;
      targets: Targets;
    },
  ) {
    this.#context = context;
    this.#models = services.models;
    this.#policies = services.policies;
    this.#promotions = services.promotions;
    this.#deployments = services.deployments;
    this.#registries = services.registries;
    this.#emergencies = services.emergencies;
    this.#acknowledgements = services.acknowledgements;
    this.#targets = services.targets;
  }

  /**
   * The model as the caller may see and act on it.
   * @throws NotFoundError, NotAllowedError
   */
  async get(principal: Principal, modelRef: string): Promise<ModelDetail> {
    const { ref } = await this.#models.requireReadable(principal, modelRef);
    const { knex } = this.#context.work;
    const now = this.#context.work.now();
    const row = (await findModel(knex, ref))!;
    const model = toModelRecord(row);
    const policy = this.#policies.forModel(model);
    const open = await this.#promotions.openOf(knex, ref);
    const serving = await this.#deployments.serving(knex, ref);
    const deployments = [
      ...(await this.#deployments.toDeployments(knex, serving)).values(),
    ];
    const environments = await Promise.all(
      policy.environments.map(environment =>
        this.#environmentStatus(model, environment, open, deployments, now),
      ),
    );
    const summary = toModelSummary(row, now);
    const unregistered =
      model.registry && summary.versionCount === 0
        ? await findUnregistered(knex, model.registry)
        : undefined;
    return {
      ...summary,
      ...(unregistered && { unregistered }),
      environments,
      policy: { name: policy.name, digest: policy.digest },
      openPromotions: open.map(each =>
        this.#promotions.toPromotionSummary(each, now),
      ),
      outsideChanges: (await findOpenChanges(knex, ref)).map(toOutsideChange),
      registry: model.registry
        ? await this.#registries.statusOf(model.registry)
        : null,
      viewer: await this.#viewer(principal, model, {
        serving,
        deployments,
      }),
    };
  }

  async #environmentStatus(
    model: ModelRecord,
    environment: PolicyEnvironment,
    open: PromotionRecord[],
    serving: Deployment[],
    now: Date,
  ): Promise<EnvironmentStatus> {
    const [targets, state] = await Promise.all([
      this.#deployments.rollbackTargets(
        this.#context.work.knex,
        model.ref,
        environment.name,
      ),
      this.#observe(model.ref, environment.name),
    ]);
    const promotion = open.find(each => each.environment === environment.name);
    const isReady = ({ version }: { version: string }) =>
      state?.versions.some(each => each.version === version && each.ready) ??
      false;
    const [target] = targets;
    return {
      name: environment.name,
      tier: environment.tier,
      serving: serving.filter(each => each.environment === environment.name),
      openPromotion: promotion
        ? this.#promotions.toPromotionSummary(promotion, now)
        : null,
      rollbackTarget: target
        ? { version: target.version, ready: isReady(target) }
        : null,
      rollbackTargets: targets.map(each => ({
        version: each.version,
        ready: isReady(each),
        servedUntil: each.endedAt?.toISOString() ?? null,
      })),
      endpoint: state?.endpoint ?? null,
    };
  }

  /** The target as it is, or undefined when nobody deploys there or does not answer soon. */
  async #observe(
    modelRef: string,
    environment: string,
  ): Promise<TargetState | undefined> {
    const target = { model: modelRef, environment };
    const deployer = this.#targets.deployerOf(target);
    if (!deployer) {
      return undefined;
    }
    let timer: NodeJS.Timeout | undefined;
    try {
      return await Promise.race([
        deployer.observe(target),
        new Promise<undefined>(resolve => {
          timer = setTimeout(resolve, OBSERVE_TIMEOUT_MS, undefined);
        }),
      ]);
    } catch (error) {
      this.#context.logger.warn(
        `The deployer ${deployer.id} could not look at ${modelRef} in ${environment}: ${error}`,
      );
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  async #viewer(
    principal: Principal,
    model: ModelRecord,
    {
      serving,
      deployments,
    }: { serving: DeploymentFact[]; deployments: Deployment[] },
  ): Promise<ModelDetail['viewer']> {
    const { authorizer } = this.#context;
    const resource = toModelResource(model);
    const [mayRequestPromotion, mayRollBack, mayRevokeEvidence, breakGlass] =
      await Promise.all([
        authorizer.mayOnModel(principal, promotionRequestPermission, resource),
        authorizer.mayOnModel(principal, rollbackPermission, resource),
        authorizer.mayOnModel(principal, evidenceRevokePermission, resource),
        this.#emergencies.environmentsOf(principal, model),
      ]);
    const mayRevoke = mayRevokeEvidence && principal.isUser;
    const marked = new Set(
      deployments
        .filter(({ revoked }) => openRevocation(revoked))
        .map(({ id }) => id),
    );
    const barredFromServingOn: ModelDetail['viewer']['barredFromServingOn'] =
      [];
    for (const deployment of serving) {
      if (mayRevoke && marked.has(deployment.id)) {
        const because = await this.#acknowledgements.whyBarred(
          principal,
          deployment,
        );
        if (because) {
          barredFromServingOn.push({ deployment: deployment.id, because });
        }
      }
    }
    return {
      mayRequestPromotion,
      mayRollBack,
      mayRevokeEvidence: mayRevoke,
      barredFromServingOn,
      mayBreakGlassIn: breakGlass,
    };
  }
}
