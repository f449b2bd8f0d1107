import { ReleaseVerdict } from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { findControl, findDeploymentOf } from '../deployments/deploymentStore';
import { GatesService } from '../gates/GatesService';
import { ModelRecord } from '../models/ModelRecord';
import { ModelsService } from '../models/ModelsService';
import {
  productionOf,
  requireEnvironment,
  slotsOf,
} from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { findHold, findSoak } from '../promotions/holds';
import { askObstacle } from '../promotions/askObstacle';
import { findLatestPromotion } from '../promotions/promotionStore';
import { TERMINAL_STATES } from '../promotions/types';
import {
  findDeploymentRevocations,
  openRevocation,
} from '../revocations/deploymentRevocations';
import { noDeployer, Targets } from '../rollouts/targets';
import { VersionRecord } from '../versions/VersionRecord';
import { VersionsService } from '../versions/VersionsService';
import { decideRelease } from './decideRelease';

/**
 * Answers CI pipelines and progressive-delivery controllers whether a version may go on, from the same policy, evidence
 * and approvals as a promotion through the portal.
 */
export class ReleaseVerdictService {
  readonly #context: Pick<EngineContext, 'work' | 'directory'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #policies: PoliciesService;
  readonly #gates: GatesService;
  readonly #targets: Targets;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'directory'>;
    models: ModelsService;
    versions: VersionsService;
    policies: PoliciesService;
    gates: GatesService;
    targets: Targets;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#versions = options.versions;
    this.#policies = options.policies;
    this.#gates = options.gates;
    this.#targets = options.targets;
  }

  /**
   * Judges a version for an environment as everything stands now; nothing is written.
   * @throws NotFoundError for an unknown model or version, InputError for an unknown environment, NotAllowedError
   */
  async of(
    principal: Principal,
    modelRef: string,
    versionName: string,
    environmentName: string,
  ): Promise<ReleaseVerdict> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const version = await this.#versions.require(model.ref, versionName);
    return this.judge(model, version, environmentName);
  }

  /** @throws InputError for an environment that the model's policy has not */
  checkEnvironment(model: ModelRecord, environmentName: string): void {
    requireEnvironment(this.#policies.forModel(model), environmentName);
  }

  /**
   * The same for who may ask it, which the caller has made sure of.
   * @throws InputError for an unknown environment
   */
  async judge(
    model: ModelRecord,
    version: VersionRecord,
    environmentName: string,
  ): Promise<ReleaseVerdict> {
    const { work } = this.#context;
    const { knex } = work;
    const now = work.now();
    const policy = this.#policies.forModel(model);
    const environment = requireEnvironment(policy, environmentName);
    const last = productionOf(policy);
    const [control, production, promotion] = await Promise.all([
      findControl(knex, model.ref, environment.name),
      findControl(knex, model.ref, last.name),
      findLatestPromotion(knex, version.id, environment.name),
    ]);
    const isServing = control?.versionDigest === version.digest;
    const deployment =
      promotion?.state === 'succeeded'
        ? await findDeploymentOf(knex, promotion.id, 'promotion')
        : undefined;
    const report = await this.#gates.evaluate(knex, {
      policy,
      environment,
      versionId: version.id,
      versionDigest: version.digest,
      production,
      requestedBy:
        promotion && !TERMINAL_STATES.includes(promotion.state)
          ? promotion.requestedBy
          : undefined,
      now,
    });
    const place = { policy, environment, modelRef: model.ref, now };
    const soak = await findSoak(knex, {
      ...place,
      versionDigest: version.digest,
    });
    const target = { model: model.ref, environment: environment.name };
    const isElsewhere = !this.#targets.deployerOf(target);
    const { verdict, statement } = decideRelease({
      version: version.name,
      environment: environment.name,
      blocking: report.blocking.map(each => each.title),
      obstacle: isServing
        ? undefined
        : await askObstacle({
            knex,
            targets: this.#targets,
            ...place,
            versions: this.#versions,
            directory: this.#context.directory,
            version,
            control,
            hasMeans: isElsewhere,
          }),
      hold: findHold({ environment, soak, now })?.why,
      needsApproval: slotsOf(environment, control).length > 0,
      noPromotion: isElsewhere ? noDeployer(target) : undefined,
      isServing,
      revoked:
        isServing && control
          ? openRevocation(
              (await findDeploymentRevocations(knex, [control])).get(
                control.id,
              ),
            )?.revocation.reason
          : undefined,
      promotion: promotion && { ...promotion, outcome: deployment?.outcome },
    });
    return {
      model: model.ref,
      version: version.name,
      versionDigest: version.digest,
      environment: environment.name,
      verdict,
      allowed: verdict === 'allowed',
      statement,
      promotion: promotion
        ? { id: String(promotion.id), state: promotion.state }
        : null,
      gateCounts: report.counts,
      blocking: report.blocking.map(each => ({
        gate: each.gate,
        title: each.title,
        verdict: each.verdict,
        explanation: each.explanation,
      })),
      policy: { name: policy.name, digest: policy.digest },
      evidenceDigest: report.evidenceDigest,
      evaluatedAt: now.toISOString(),
    };
  }
}
