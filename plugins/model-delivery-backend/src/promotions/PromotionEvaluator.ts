import { Knex } from 'knex';
import { Bypassed } from '@slipway/backstage-plugin-model-delivery-common';
import { approvalSubject, describeChange } from '../approvals/subject';
import { Bar, findBars } from '../approvals/bars';
import {
  countFilled,
  findDecisions,
  replaceSlotsAndBars,
  voidDecisions,
} from '../approvals/decisionStore';
import { replaceReminders } from '../approvals/reminderStore';
import { updateBypassed } from '../breakGlass/breakGlassStore';
import { emergencyPlan } from '../breakGlass/emergencyPlan';
import { findBypassed, isSameBypassed } from '../breakGlass/findBypassed';
import { bypassedText } from '../breakGlass/words';
import { askTogether, voidOthers } from '../bundles/askTogether';
import { findBundleObstacle, modelsOf } from '../bundles/bundleObstacle';
import { changeTogether } from '../bundles/changeTogether';
import { findControl } from '../deployments/deploymentStore';
import { DeploymentFact } from '../deployments/types';
import { Transaction } from '../database/UnitOfWork';
import { GateReport, GatesService } from '../gates/GatesService';
import { ModelsService } from '../models/ModelsService';
import { adoptingPlan, findAdoptedShare } from '../outsideChanges/adoption';
import { productionOf, slotsOf } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { DIRECT_PLAN } from '../policies/toContent';
import { Policy, PolicyEnvironment } from '../policies/types';
import { Targets } from '../rollouts/targets';
import { VersionsService } from '../versions/VersionsService';
import { listing } from '../words';
import { EngineContext } from '../context';
import { changePromotion, ENGINE_ACTOR } from './changePromotion';
import { evaluationOutcome } from './evaluationOutcome';
import { notifyAsked, notifyBlocked, notifyVoided } from './notifications';
import { earliestStart, findHold, findSoak, Hold, Soak } from './holds';
import { findObstacle } from './obstacles';
import { PromotionRecord } from './types';

/** What an evaluation works out before anything is written. */
interface Findings {
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

/**
 * Evaluates promotions: judges the gates, works out who has to approve and how traffic would move, binds that to one
 * digest, and voids the decisions that were bound to another.
 */
export class PromotionEvaluator {
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

  /** Evaluates a promotion in `evaluating`, on behalf of the worker that holds its lease. */
  async evaluate(record: PromotionRecord, holder: string): Promise<void> {
    const findings = await this.#find(record);
    await this.#change(record, tx =>
      this.#conclude(tx, record, findings, holder),
    );
  }

  /**
   * Whether what was approved still holds: read anew just before traffic moves. Undefined when it does, otherwise what
   * changed.
   */
  async findStaleness(record: PromotionRecord): Promise<string | undefined> {
    const found = await this.#find(record);
    if (found.obstacle) {
      return found.obstacle;
    }
    if (found.report.blocking.length > 0 && !record.breakGlass) {
      return `${listing(
        found.report.blocking.map(each => each.title),
      )}: not let through any more`;
    }
    if (
      record.breakGlass &&
      !isSameBypassed(record.breakGlass.bypassed, found.bypassed ?? [])
    ) {
      return 'what it goes past is not the same any more';
    }
    const subject = this.#subjectOf(record, found);
    return subject.digest === record.subjectDigest
      ? undefined
      : describeChange(record, toComparable(found));
  }

  /** What keeps a promotion from starting besides other promotions: its soak, or a freeze window. */
  async findHold(record: PromotionRecord): Promise<Hold | undefined> {
    if (record.breakGlass) {
      return undefined;
    }
    const { knex } = this.#context.work;
    const { policy, environment } = await this.#policyOf(record);
    const now = this.#context.work.now();
    return findHold({
      environment,
      soak: await this.#soakOf(knex, record, policy, environment),
      now,
    });
  }

  #soakOf(
    knex: Knex,
    { modelRef, versionDigest }: PromotionRecord,
    policy: Policy,
    environment: PolicyEnvironment,
  ): Promise<Soak | undefined> {
    const now = this.#context.work.now();
    return findSoak(knex, {
      policy,
      environment,
      modelRef,
      versionDigest,
      now,
    });
  }

  async #policyOf(
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

  async #find(record: PromotionRecord): Promise<Findings> {
    const { knex } = this.#context.work;
    const { policy, environment } = await this.#policyOf(record);
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

  async #conclude(
    tx: Transaction,
    record: PromotionRecord,
    found: Findings,
    holder: string,
  ): Promise<void> {
    const { report, obstacle, slots, policy, environment } = found;
    const subject = this.#subjectOf(record, found);
    const isNew = subject.digest !== record.subjectDigest;
    const because = isNew
      ? describeChange(record, toComparable(found))
      : undefined;
    const voided = isNew ? await voidDecisions(tx, record.id, because!) : [];
    if (record.bundle && isNew && record.subjectDigest) {
      // What was decided was decided on all members at once
      const others = await voidOthers(tx, record, because!);
      voided.push(...others.filter(each => !voided.includes(each)));
    }
    const filled = countFilled(slots, await findDecisions(tx.knex, record.id));
    await replaceSlotsAndBars(tx, record.id, slots, filled, found.bars);
    await this.#gates.store(tx, record.id, record.round + 1, report.verdicts);
    if (found.bypassed) {
      await updateBypassed(tx, record.id, found.bypassed);
    }

    const outcome = evaluationOutcome({
      record,
      blocking: found.bypassed ? [] : report.blocking.map(each => each.title),
      obstacle,
      isNew,
      isComplete: filled.every(slot => slot.filled >= slot.minimum),
      expiresAfterSeconds: environment.expiresAfterSeconds,
      startsAt: record.breakGlass
        ? tx.now
        : earliestStart({
            environment,
            soak: await this.#soakOf(tx.knex, record, policy, environment),
            now: tx.now,
          }),
      now: tx.now,
    });
    const since = await this.#versions.since(
      tx.knex,
      found.control?.versionId ?? null,
      record.versionId,
    );

    const count = report.verdicts.length;
    const letThrough = count - report.blocking.length;
    const changed = await changePromotion(tx, record, {
      event: outcome.event,
      holder,
      note: {
        actor: ENGINE_ACTOR,
        action: 'promotion.evaluated',
        summary: `${letThrough} of ${count} gates let ${
          record.version
        } through to ${record.environment}: ${outcome.words}${
          found.bypassed
            ? `, as an emergency past ${bypassedText(found.bypassed)}`
            : ''
        }`,
        details: {
          policyDigest: policy.digest,
          evidenceDigest: report.evidenceDigest,
          subjectDigest: subject.digest,
          verdicts: Object.fromEntries(
            report.verdicts.map(each => [each.gate, each.verdict]),
          ),
          ...(found.bypassed && { bypassed: found.bypassed }),
        },
      },
      set: {
        policy_digest: policy.digest,
        environment_tier: environment.tier,
        first_deployment: found.control === undefined,
        from_version_id: found.control?.versionId ?? null,
        from_deployment_id: found.control?.id ?? null,
        change_kinds: JSON.stringify(since.changeKinds),
        slots: JSON.stringify(slots),
        plan: JSON.stringify(found.plan),
        round: record.round + 1,
        gate_counts: JSON.stringify(report.counts),
        obstacle: obstacle ?? null,
        evidence: JSON.stringify(report.evidence),
        evidence_digest: report.evidenceDigest,
        subject_digest: subject.digest,
        subject_change: record.subjectDigest
          ? because ?? record.subjectChange
          : null,
        slots_filled: filled.reduce((sum, slot) => sum + slot.filled, 0),
        asked_at: outcome.askedAt,
        expires_at: outcome.expiresAt,
        attempts: 0,
        error_message: null,
        due_at: outcome.dueAt,
      },
    });

    if (voided.length > 0) {
      tx.record({
        actor: ENGINE_ACTOR,
        action: 'promotion.decisions-voided',
        model: record.modelRef,
        subject: `promotion:${record.id}`,
        summary: `Decisions of ${listing(voided)} were voided: ${because}`,
        details: {
          people: voided,
          because,
          before: record.subjectDigest,
          after: subject.digest,
        },
      });
      notifyVoided(tx, changed, voided, because!);
    }
    if (record.bundle) {
      await askTogether(tx, changed, environment);
    } else if (outcome.isAskedAnew) {
      await replaceReminders(tx, [record.id], environment);
      await notifyAsked(
        tx,
        changed,
        slots.filter((_, i) => filled[i].filled < filled[i].minimum),
      );
    }
    if (outcome.event === 'block') {
      notifyBlocked(tx, changed, outcome.words);
    }
  }

  #subjectOf(record: PromotionRecord, found: Findings) {
    return approvalSubject({
      versionDigest: record.versionDigest,
      environment: record.environment,
      policyDigest: found.policy.digest,
      evidenceDigest: found.report.evidenceDigest,
      rolloutPlan: found.plan,
    });
  }

  #change(
    record: PromotionRecord,
    change: (tx: Transaction) => Promise<void>,
  ): Promise<void> {
    return changeTogether(
      { work: this.#context.work, models: this.#models },
      record,
      change,
    );
  }
}

function toComparable(found: Findings) {
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
