import { Knex } from 'knex';
import { describeChange } from '../approvals/subject';
import {
  countFilled,
  findDecisions,
  replaceSlotsAndBars,
  voidDecisions,
} from '../approvals/decisionStore';
import { replaceReminders } from '../approvals/reminderStore';
import { updateBypassed } from '../breakGlass/breakGlassStore';
import { isSameBypassed } from '../breakGlass/findBypassed';
import { bypassedText } from '../breakGlass/words';
import { askTogether, voidOthers } from '../bundles/askTogether';
import { changeTogether } from '../bundles/changeTogether';
import { Transaction } from '../database/UnitOfWork';
import { GatesService } from '../gates/GatesService';
import { ModelsService } from '../models/ModelsService';
import { PoliciesService } from '../policies/PoliciesService';
import { Policy, PolicyEnvironment } from '../policies/types';
import { Targets } from '../rollouts/targets';
import { VersionsService } from '../versions/VersionsService';
import { listing } from '../words';
import { EngineContext } from '../context';
import { changePromotion, ENGINE_ACTOR } from './changePromotion';
import {
  Findings,
  PromotionFindings,
  subjectOf,
  toComparable,
} from './PromotionFindings';
import { evaluationOutcome } from './evaluationOutcome';
import { notifyAsked, notifyBlocked, notifyVoided } from './notifications';
import { earliestStart, findHold, findSoak, Hold, Soak } from './holds';
import { PromotionRecord } from './types';

/**
 * Evaluates promotions: judges the gates, works out who has to approve and how traffic would move, binds that to one
 * digest, and voids the decisions that were bound to another.
 */
export class PromotionEvaluator {
  readonly #context: Pick<EngineContext, 'work'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #gates: GatesService;
  readonly #findings: PromotionFindings;

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
    this.#gates = options.gates;
    this.#findings = new PromotionFindings(options);
  }

  /** Evaluates a promotion in `evaluating`, on behalf of the worker that holds its lease. */
  async evaluate(record: PromotionRecord, holder: string): Promise<void> {
    const findings = await this.#findings.find(record);
    await this.#change(record, tx =>
      this.#conclude(tx, record, findings, holder),
    );
  }

  /** Which gates do not let a promotion through by now, in words; undefined when all do, or none is asked. */
  async findBlocked(record: PromotionRecord): Promise<string | undefined> {
    if (record.breakGlass || record.kind === 'rollback') {
      return undefined;
    }
    const { report } = await this.#findings.find(record);
    return report.blocking.length > 0
      ? `${listing(
          report.blocking.map(each => each.title),
        )}: not let through any more`
      : undefined;
  }

  /**
   * Whether what was approved still holds: read anew just before traffic moves. Undefined when it does, otherwise what
   * changed.
   */
  async findStaleness(record: PromotionRecord): Promise<string | undefined> {
    const found = await this.#findings.find(record);
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
    const subject = subjectOf(record, found);
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
    const { policy, environment } = await this.#findings.policyOf(record);
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

  async #conclude(
    tx: Transaction,
    record: PromotionRecord,
    found: Findings,
    holder: string,
  ): Promise<void> {
    const { report, obstacle, slots, policy, environment } = found;
    const subject = subjectOf(record, found);
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
