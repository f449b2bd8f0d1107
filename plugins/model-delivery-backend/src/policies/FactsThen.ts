import {
  GateVerdict,
  Measurement,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { DatabaseTime, toDate } from '../database/values';
import { GateFacts } from '../gates/evaluateGate';
import { PromotionRecord } from '../promotions/types';
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
  measurements: FactMeasurement[];
}

/** The measurements as they were known when gates were evaluated. */
export class FactsThen {
  readonly #evaluations: EvaluationThen[];
  readonly #versionOf: Map<string, string>;

  private constructor(
    evaluations: EvaluationThen[],
    versionOf: Map<string, string>,
  ) {
    this.#evaluations = evaluations;
    this.#versionOf = versionOf;
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
    }[] = await knex('evaluations')
      .whereIn('version_id', [...ids])
      .orderBy('received_at', 'desc')
      .limit(MAX_EVALUATIONS)
      .select(
        'version_id',
        'external_id',
        'fact',
        'source',
        'measured_at',
        'received_at',
        'metrics',
      );
    return new FactsThen(
      rows.map(row => ({
        versionId: row.version_id,
        receivedAt: toDate(row.received_at),
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
    );
  }

  of({ record, at }: LastRound): GateFacts {
    const production = record.evidence?.production;
    const servingId =
      production && this.#versionOf.get(`${record.modelRef} ${production}`);
    return {
      candidate: this.#latest(record.versionId, at),
      production: servingId ? this.#latest(servingId, at) : undefined,
    };
  }

  /** As the gates' own table keeps them: of each fact the one measured last, of those received by then. */
  #latest(versionId: string, at: Date): FactMeasurement[] {
    const latest = new Map<string, FactMeasurement>();
    this.#evaluations
      .filter(each => each.versionId === versionId && each.receivedAt <= at)
      .reverse()
      .flatMap(each => each.measurements)
      .forEach(each => {
        const key = `${each.fact} ${each.name}`;
        const known = latest.get(key);
        if (!known || known.measuredAt <= each.measuredAt) {
          latest.set(key, each);
        }
      });
    return [...latest.values()];
  }
}
