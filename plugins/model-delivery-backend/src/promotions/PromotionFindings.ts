import { Bypassed } from '@slipway/backstage-plugin-model-delivery-common';
import { Bar, findBars } from '../approvals/bars';
import { approvalSubject } from '../approvals/subject';
import { emergencyPlan } from '../breakGlass/emergencyPlan';
import { findBypassed } from '../breakGlass/findBypassed';
import { findBundleObstacle, modelsOf } from '../bundles/bundleObstacle';
import { EngineContext } from '../context';
import { findControl } from '../deployments/deploymentStore';
import { DeploymentFact } from '../deployments/types';
import { GateReport, GatesService } from '../gates/GatesService';
import { ModelsService } from '../models/ModelsService';
import { adoptingPlan, findAdoptedShare } from '../outsideChanges/adoption';
import { productionOf, slotsOf } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { DIRECT_PLAN } from '../policies/toContent';
import { Policy, PolicyEnvironment } from '../policies/types';
import { Targets } from '../rollouts/targets';
import { VersionsService } from '../versions/VersionsService';
import { findObstacle } from './obstacles';
import { PromotionRecord } from './types';

/** What an evaluation works out before anything is written. */
export interface Findings {
  policy: Policy;
  environment: PolicyEnvironment;
  control: DeploymentFact | undefined;
  report: GateReport;
  obstacle: string | undefined;
  bars: Bar[];
  slots: PolicyEnvironment['slots'];
  plan: PolicyEnvironment['rollout'];
  /** What an emergency goes past; undefined for all other promotions. */
  bypassed: Bypassed[] | undefined;
}

/** Works out what is true of a promotion now: its gates, who has to approve, how traffic would move, what stands in its way. */
export class PromotionFindings {
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

  /** The policy that the promotion goes by now, and what it says of its environment. */
  async policyOf(
    record: PromotionRecord,
  ): Promise<{ policy: Policy; environment: PolicyEnvironment }> {
    const model = await this.#models.require(record.modelRef);
    const policy = await this.#policies.forPromotion(
      this.#context.work.knex,
      record.policyDigest,
      model,
    );
    const environment = policy.environments.find(
      each => each.name === record.environment,
    );
    if (!environment) {
      throw new Error(
        `Policy '${policy.name}' has no environment ${record.environment} any more`,
      );
    }
    return { policy, environment };
  }

  /** Reads everything anew; nothing is written. */
  async find(record: PromotionRecord): Promise<Findings> {
    const { knex } = this.#context.work;
    const { policy, environment } = await this.policyOf(record);
    const [control, production, version] = await Promise.all([
      findControl(knex, record.modelRef, environment.name),
      findControl(knex, record.modelRef, productionOf(policy).name),
      this.#versions.byId(knex, record.versionId),
    ]);
    const isEmergency = record.breakGlass !== null;
    const slots = isEmergency ? [] : slotsOf(environment, control);
    const report = await this.#gates.evaluate(knex, {
      policy,
      environment,
      versionId: record.versionId,
      versionDigest: record.versionDigest,
      production,
      requestedBy: record.requestedBy,
      now: this.#context.work.now(),
    });
    return {
      policy,
      environment,
      control,
      slots,
      plan: isEmergency
        ? emergencyPlan(environment.rollout)
        : planOf(environment, control, await findAdoptedShare(knex, record)),
      report,
      bypassed: isEmergency
        ? await findBypassed({
            knex,
            policy,
            environment,
            modelRef: record.modelRef,
            versionDigest: version.digest,
            blocking: report.blocking,
            now: this.#context.work.now(),
          })
        : undefined,
      obstacle: await this.#obstacleOf(record, {
        knex,
        targets: this.#targets,
        policy,
        environment,
        modelRef: record.modelRef,
        versions: this.#versions,
        directory: this.#context.directory,
        version,
        control,
        now: this.#context.work.now(),
        isEmergency,
        hasMeans: record.rolloutStartedAt !== null,
      }),
      bars:
        slots.length > 0 || isEmergency
          ? await findBars({
              requestedBy: record.requestedBy,
              version,
              since: await this.#versions.since(
                knex,
                production?.versionId ?? null,
                record.versionId,
              ),
              resolve: given => this.#context.directory.resolvePerson(given),
            })
          : [],
    };
  }

  async #obstacleOf(
    record: PromotionRecord,
    options: Parameters<typeof findObstacle>[0],
  ): Promise<string | undefined> {
    const models = await modelsOf(options.knex, record);
    return (
      (await findObstacle({ ...options, models })) ??
      findBundleObstacle(options.knex, record)
    );
  }
}

/** What a decision on the promotion binds to. */
export function subjectOf(record: PromotionRecord, found: Findings) {
  return approvalSubject({
    versionDigest: record.versionDigest,
    environment: record.environment,
    policyDigest: found.policy.digest,
    evidenceDigest: found.report.evidenceDigest,
    rolloutPlan: found.plan,
  });
}

/** What is compared when it is said what changed. */
export function toComparable(found: Findings) {
  return {
    policyDigest: found.policy.digest,
    plan: found.plan,
    evidence: found.report.evidence,
    withdrawn: found.report.verdicts.flatMap(({ inputs }) =>
      inputs.filter(each => each.revoked).map(each => each.fact),
    ),
  };
}

function planOf(
  environment: PolicyEnvironment,
  control: DeploymentFact | undefined,
  adoptedShare: number | undefined,
): PolicyEnvironment['rollout'] {
  if (!control) {
    return DIRECT_PLAN;
  }
  return adoptedShare === undefined
    ? environment.rollout
    : adoptingPlan(environment.rollout, adoptedShare);
}
