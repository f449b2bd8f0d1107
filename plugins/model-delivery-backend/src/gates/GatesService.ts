import {
  GateVerdict,
  Promotion,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { Bar, findBars } from '../approvals/bars';
import { Transaction } from '../database/UnitOfWork';
import { Directory } from '../people/Directory';
import { digestOf } from '../policies/digest';
import { Policy, PolicyEnvironment } from '../policies/types';
import { Evidence, EvidenceFact } from '../promotions/types';
import { findWithdrawn } from '../revocations/revocationStore';
import { VersionsService } from '../versions/VersionsService';
import { applyWaivers } from '../waivers/applyWaivers';
import { findGranted } from '../waivers/waiverStore';
import { GateKinds } from './kinds/GateKinds';
import { blocks, evaluateGate, GateFacts, GateOutcome } from './evaluateGate';

/** What an evaluation of all gates of an environment came to. */
export interface GateReport {
  verdicts: GateVerdict[];
  evidence: Evidence;
  evidenceDigest: string;
  counts: Promotion['gateCounts'];
  /** Titles of the gates that keep the version out. */
  blocking: GateVerdict[];
}

/** A version for an environment, judged by the gates of a policy. */
export interface GateQuestion {
  policy: Policy;
  environment: PolicyEnvironment;
  versionId: string;
  versionDigest: string;
  /** The version that serves in production now. */
  production: { versionId: string; versionDigest: string } | undefined;
  /** Who requested the promotion that is judged, whose own waivers do not count for it. */
  requestedBy?: string;
  now: Date;
}

/** No gate of any verdict. */
export const NO_GATES: Promotion['gateCounts'] = {
  passed: 0,
  failed: 0,
  'no-evidence': 0,
  error: 0,
  waived: 0,
  warned: 0,
};

/** Judges versions by the gates of their policy, and keeps every verdict. */
export class GatesService {
  readonly #versions: VersionsService;
  readonly #kinds: GateKinds;
  readonly #directory: Directory;

  constructor(options: {
    versions: VersionsService;
    kinds: GateKinds;
    directory: Directory;
  }) {
    this.#versions = options.versions;
    this.#kinds = options.kinds;
    this.#directory = options.directory;
  }

  /** Judges a version by the gates of one environment, as if no waiver had been granted. */
  async judge(knex: Knex, question: GateQuestion): Promise<GateOutcome[]> {
    const { policy, environment, production, now } = question;
    const { versionId } = question;
    const withdrawn = await findWithdrawn(
      knex,
      production ? [versionId, production.versionId] : [versionId],
    );
    const facts: GateFacts = {
      candidate: await this.#versions.facts(knex, versionId),
      production:
        production && (await this.#versions.facts(knex, production.versionId)),
      withdrawn: {
        candidate: withdrawn.get(versionId) ?? [],
        production: withdrawn.get(production?.versionId ?? '') ?? [],
      },
    };
    return policy.gates
      .filter(gate => environment.gates.includes(gate.id))
      .map(gate => evaluateGate(gate, facts, now, this.#kinds));
  }

  /**
   * Judges a version by the gates of one environment, and waives what was granted a waiver. Not within a transaction: who
   * made a version may be asked of the catalog.
   */
  async evaluate(knex: Knex, question: GateQuestion): Promise<GateReport> {
    const { policy, environment, production } = question;
    const outcomes = await this.judge(knex, question);
    const waivers = await findGranted(knex, {
      ...question,
      environment: environment.name,
    });
    const judged = applyWaivers(
      outcomes.map(({ verdict }) => verdict),
      {
        waivers,
        gates: policy.gates,
        versionDigest: question.versionDigest,
        environment: environment.name,
        requestedBy: question.requestedBy,
        makers: waivers.length > 0 ? await this.#makersOf(knex, question) : [],
      },
    );
    const used = new Map<string, EvidenceFact>();
    outcomes.forEach(outcome =>
      outcome.evidence.forEach(each => used.set(each.fact, each)),
    );
    const waived = judged.flatMap(({ title, waiver }) =>
      waiver ? [{ gate: title, waiver: waiver.id }] : [],
    );
    const evidence: Evidence = {
      facts: [...used.values()].sort((a, b) => (a.fact < b.fact ? -1 : 1)),
      production: production?.versionDigest ?? null,
      ...(waived.length > 0 && { waivers: waived }),
    };
    const evidenceDigest = digestOf(evidence);
    const verdicts = judged.map(
      (verdict): GateVerdict => ({
        ...verdict,
        policy: { name: policy.name, digest: policy.digest },
        evidenceDigest,
      }),
    );
    const counts = { ...NO_GATES };
    verdicts.forEach(({ verdict }) => {
      counts[verdict] += 1;
    });
    return {
      verdicts,
      evidence,
      evidenceDigest,
      counts,
      blocking: verdicts.filter(blocks),
    };
  }

  /** Who made the version, as far as it is known now, since the one in production. */
  async #makersOf(knex: Knex, question: GateQuestion): Promise<Bar[]> {
    const { versionId, production } = question;
    return findBars({
      version: await this.#versions.byId(knex, versionId),
      since: await this.#versions.since(
        knex,
        production?.versionId ?? null,
        versionId,
      ),
      resolve: given => this.#directory.resolvePerson(given),
    });
  }

  /** Keeps the verdicts of one round of a promotion's evaluation. */
  async store(
    tx: Transaction,
    promotionId: number,
    round: number,
    verdicts: GateVerdict[],
  ): Promise<void> {
    if (verdicts.length > 0) {
      await tx.knex('gate_verdicts').insert(
        verdicts.map(verdict => ({
          id: randomUUID(),
          promotion_id: promotionId,
          round,
          gate: verdict.gate,
          verdict: verdict.verdict,
          content: JSON.stringify(verdict),
        })),
      );
    }
  }

  /** The verdicts of one round of a promotion's evaluation, in the policy's order. */
  async verdictsOf(
    knex: Knex,
    promotionId: number,
    round: number,
    policy: Policy,
  ): Promise<GateVerdict[]> {
    const rows: { content: string }[] = await knex('gate_verdicts')
      .where({ promotion_id: promotionId, round })
      .select('content');
    const order = new Map(policy.gates.map((gate, i) => [gate.id, i]));
    return rows
      .map((row): GateVerdict => JSON.parse(row.content))
      .sort((a, b) => (order.get(a.gate) ?? 0) - (order.get(b.gate) ?? 0));
  }
}
