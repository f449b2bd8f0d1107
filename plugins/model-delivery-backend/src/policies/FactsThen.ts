import {
  GateVerdict,
  Measurement,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { DatabaseTime, toDate, toDateOrNull } from '../database/values';
import { GateFacts } from '../gates/evaluateGate';
import { PromotionRecord } from '../promotions/types';
import {
  findRevocationsOf,
  JoinedRevocationRow,
  withdrawnBy,
} from '../revocations/revocationStore';
import { WithdrawnFact } from '../revocations/types';
import { FactMeasurement } from '../versions/VersionRecord';

/** Evaluations that are read for one page at most; the newest ones count. */
const MAX_EVALUATIONS = 5_000;

/** What gates said of a promotion, when they last did. */
export interface LastRound {
  record: PromotionRecord;
  verdicts: GateVerdict[];
  at: Date;
}

interface EvaluationThen {
  versionId: string;
  receivedAt: Date;
  /** Undefined while it counts. */
  revokedAt: Date | undefined;
  measurements: FactMeasurement[];
}

/** The measurements as they were known when gates were evaluated. */
export class FactsThen {
  readonly #evaluations: EvaluationThen[];
  readonly #versionOf: Map<string, string>;
  /** Oldest first. */
  readonly #revocations: JoinedRevocationRow[];

  private constructor(
    evaluations: EvaluationThen[],
    versionOf: Map<string, string>,
    revocations: JoinedRevocationRow[],
  ) {
    this.#evaluations = evaluations;
    this.#versionOf = versionOf;
    this.#revocations = revocations;
  }

  static async read(knex: Knex, rounds: LastRound[]): Promise<FactsThen> {
    const serving: { id: string; model_ref: string; digest: string }[] =
      await knex('versions')
        .whereIn(
          'digest',
          rounds.flatMap(({ record }) => record.evidence?.production ?? []),
        )
        .whereIn('model_ref', [
          ...new Set(rounds.map(({ record }) => record.modelRef)),
        ])
        .select('id', 'model_ref', 'digest');
    const versionOf = new Map(
      serving.map(row => [`${row.model_ref} ${row.digest}`, row.id]),
    );
    const ids = new Set([
      ...rounds.map(({ record }) => record.versionId),
      ...versionOf.values(),
    ]);
    const rows: {
      version_id: string;
      external_id: string;
      fact: FactMeasurement['fact'];
      source: string | null;
      measured_at: DatabaseTime;
      received_at: DatabaseTime;
      metrics: string;
      revoked_at: DatabaseTime | null;
    }[] = await knex('evaluations')
      .leftJoin('revocations', 'revocations.evaluation_id', 'evaluations.id')
      .whereIn('evaluations.version_id', [...ids])
      .orderBy('evaluations.received_at', 'desc')
      .limit(MAX_EVALUATIONS)
      .select(
        'evaluations.version_id',
        'evaluations.external_id',
        'evaluations.fact',
        'evaluations.source',
        'evaluations.measured_at',
        'evaluations.received_at',
        'evaluations.metrics',
        'revocations.revoked_at',
      );
    return new FactsThen(
      rows.map(row => ({
        versionId: row.version_id,
        receivedAt: toDate(row.received_at),
        revokedAt: toDateOrNull(row.revoked_at) ?? undefined,
        measurements: (JSON.parse(row.metrics) as Measurement[])
          .filter(each => each.slice === undefined)
          .map(({ slice: _, ...each }) => ({
            ...each,
            fact: row.fact,
            measuredAt: toDate(row.measured_at),
            evaluation: row.external_id,
            source: row.source,
          })),
      })),
      versionOf,
      await findRevocationsOf(knex, [...ids]),
    );
  }

  of({ record, at }: LastRound): GateFacts {
    const production = record.evidence?.production;
    const servingId =
      production && this.#versionOf.get(`${record.modelRef} ${production}`);
    return {
      candidate: this.#latest(record.versionId, at),
      production: servingId ? this.#latest(servingId, at) : undefined,
      withdrawn: {
        candidate: this.#withdrawn(record.versionId, at),
        production: servingId ? this.#withdrawn(servingId, at) : [],
      },
    };
  }

  #withdrawn(versionId: string, at: Date): WithdrawnFact[] {
    return this.#revocations
      .filter(
        row => row.version_id === versionId && toDate(row.revoked_at) <= at,
      )
      .reverse()
      .flatMap(withdrawnBy);
  }

  /**
   * As the gates' own table keeps them: of each fact the one measured last, of those received by then; what was revoked
   * takes nothing back that it had replaced.
   */
  #latest(versionId: string, at: Date): FactMeasurement[] {
    const latest = new Map<string, FactMeasurement>();
    const known = this.#evaluations
      .filter(each => each.versionId === versionId && each.receivedAt <= at)
      .reverse();
    const events = [
      ...known.map(each => ({ at: each.receivedAt, each, isRevoked: false })),
      ...known.flatMap(each =>
        each.revokedAt && each.revokedAt <= at
          ? [{ at: each.revokedAt, each, isRevoked: true }]
          : [],
      ),
    ].sort((a, b) => a.at.getTime() - b.at.getTime());
    for (const { each, isRevoked } of events) {
      for (const measurement of each.measurements) {
        const key = `${measurement.fact} ${measurement.name}`;
        const present = latest.get(key);
        if (isRevoked) {
          if (present?.evaluation === measurement.evaluation) {
            latest.delete(key);
          }
        } else if (!present || present.measuredAt <= measurement.measuredAt) {
          latest.set(key, measurement);
        }
      }
    }
    return [...latest.values()];
  }
}
