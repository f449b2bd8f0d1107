import {
  DeploymentTarget,
  GivenSignals,
  MetricsSource,
  SignalsBucket,
  VersionSignals,
} from '@slipway/backstage-plugin-model-delivery-node';
import { Knex } from 'knex';
import { DatabaseTime, toDate, toNumber } from '../database/values';
import { UnitOfWork } from '../database/UnitOfWork';
import { pick, quotas, quantile } from './sampling';

/** Id of the metrics source. */
export const PUSHED_SAMPLES = 'pushed-samples';

/** Latencies and scores that are compared at most, as the port has it. */
const MOST_VALUES = 5_000;
/** Rows of one query. */
const PAGE = 1_000;
/** Rows that a drawing reads at most, the latest first to go. */
const MOST_DRAWN = 20_000;
/** Latencies of one row that a drawing reads at most. */
const DRAWN_OF_ROW = 200;

/** Where rows hold values of their answers. */
interface ValueColumns {
  list: string;
  /** How many the list has. */
  count: string;
  /** Of how many it is all, or a sample. */
  population: string;
}

const LATENCIES: ValueColumns = {
  list: 'latencies',
  count: 'latency_count',
  population: 'requests - errors',
};
const SCORES: ValueColumns = {
  list: 'scores',
  count: 'score_count',
  population: 'scored',
};

interface Wanted {
  target: DeploymentTarget;
  version: string;
  from: Date;
  to: Date;
}

/**
 * Judges by samples that serving sides push. It watches a target as long as samples of it keep coming, so that a rollout
 * without them is refused.
 *
 * What lies within the asked time as a whole counts: an interval that was under way when the traffic moved mixes two
 * shares of it.
 */
export class PushedSamplesSource implements MetricsSource {
  readonly id = PUSHED_SAMPLES;
  readonly #work: UnitOfWork;
  readonly #silenceMs: number;

  /** @param options - `silenceMs`: how long after the last samples a target counts as watched, in milliseconds */
  constructor(options: { work: UnitOfWork; silenceMs: number }) {
    this.#work = options.work;
    this.#silenceMs = options.silenceMs;
  }

  async watches(target: DeploymentTarget): Promise<boolean> {
    return (await this.#lately(target).first('id')) !== undefined;
  }

  /** Scores, unless the latest samples of a target count answers and none of them has any. */
  async gives(target?: DeploymentTarget): Promise<GivenSignals> {
    const kinds = ['errors', 'latencies'] as const;
    const latest =
      target &&
      (await this.#lately(target)
        .max({ scored: 'scored' })
        .sum({ answered: this.#work.knex.raw('requests - errors') })
        .first());
    return latest &&
      latest.scored === null &&
      toNumber(latest.answered ?? 0) > 0
      ? { kinds, remedies: { scores: 'push scores with its samples' } }
      : { kinds: [...kinds, 'scores'] };
  }

  async read(wanted: Wanted): Promise<VersionSignals> {
    const totals = await this.#within(wanted)
      .sum({ requests: 'requests', errors: 'errors', scored: 'scored' })
      .first();
    const requests = toNumber(totals?.requests ?? 0);
    const errors = toNumber(totals?.errors ?? 0);
    const scored = totals?.scored ?? undefined;
    const latencies = await this.#sample(wanted, LATENCIES, requests - errors);
    return {
      requests,
      errors,
      latencies,
      // No row counts any where scores are not seen at all
      ...(scored !== undefined && {
        scored: toNumber(scored),
        scores: await this.#sample(wanted, SCORES, toNumber(scored)),
      }),
    };
  }

  async readSeries(
    options: Wanted & { bucketSeconds: number },
  ): Promise<SignalsBucket[]> {
    const width = options.bucketSeconds * 1000;
    const buckets = new Map<
      number,
      { requests: number; errors: number; latencies: number[] }
    >();
    let drawn = 0;
    for await (const rows of this.#pages<DrawnRow>(options, [
      'id',
      'from_at',
      'requests',
      'errors',
      'latencies',
    ])) {
      for (const row of rows) {
        const index = Math.floor(
          (toDate(row.from_at).getTime() - options.from.getTime()) / width,
        );
        const bucket = buckets.get(index) ?? {
          requests: 0,
          errors: 0,
          latencies: [],
        };
        bucket.requests += row.requests;
        bucket.errors += row.errors;
        bucket.latencies.push(...pick(JSON.parse(row.latencies), DRAWN_OF_ROW));
        buckets.set(index, bucket);
      }
      drawn += rows.length;
      if (drawn >= MOST_DRAWN) {
        break;
      }
    }
    return [...buckets]
      .sort(([a], [b]) => a - b)
      .map(([index, { requests, errors, latencies }]) => {
        const sorted = latencies.sort((a, b) => a - b);
        return {
          at: new Date(options.from.getTime() + index * width),
          requests,
          errors,
          p50: quantile(sorted, 0.5),
          p95: quantile(sorted, 0.95),
        };
      });
  }

  /** A uniform sample of values that rows hold: of each row the same share. */
  async #sample(
    wanted: Wanted,
    values: ValueColumns,
    total: number,
  ): Promise<number[]> {
    const sample: number[] = [];
    const share = await this.#shareOf(wanted, values, total);
    const take = quotas(share);
    for await (const rows of this.#pages<CountRow>(wanted, [
      'id',
      this.#work.knex.raw(`${values.population} as population`),
      this.#work.knex.raw(`${values.count} as count`),
    ])) {
      const counts = new Map<number, number>();
      for (const row of rows) {
        const count = Math.min(take(row.population ?? 0), row.count ?? 0);
        if (count > 0) {
          counts.set(row.id, count);
        }
      }
      const lists: { id: number; list: string }[] =
        counts.size === 0
          ? []
          : await this.#work
              .knex('pushed_samples')
              .whereIn('id', [...counts.keys()])
              .select('id', { list: values.list });
      for (const { id, list } of lists) {
        sample.push(...pick(JSON.parse(list), counts.get(id)!));
      }
    }
    return sample;
  }

  /**
   * The share of the answers whose values are taken: the same of each row, so that every answer had the same chance, and as
   * large as the row with the smallest sample allows.
   */
  async #shareOf(
    wanted: Wanted,
    { count, population }: ValueColumns,
    total: number,
  ): Promise<number> {
    if (total === 0) {
      return 0;
    }
    const row: { least: number | string | null } | undefined =
      await this.#within(wanted)
        .whereRaw(`${population} > 0`)
        .first(
          this.#work.knex.raw(`min(${count} * 1.0 / (${population})) as least`),
        );
    return Math.min(MOST_VALUES / total, toNumber(row?.least ?? 0), 1);
  }

  #within({ target, version, from, to }: Wanted): Knex.QueryBuilder {
    return this.#work
      .knex('pushed_samples')
      .where({
        model_ref: target.model.toLocaleLowerCase('en-US'),
        environment: target.environment,
        version,
      })
      .where('from_at', '>=', from)
      .where('from_at', '<', to)
      .where('to_at', '<=', to);
  }

  /** Rows of a target that the silence has not swallowed yet. */
  #lately(target: DeploymentTarget) {
    return this.#work
      .knex('pushed_samples')
      .where({
        model_ref: target.model.toLocaleLowerCase('en-US'),
        environment: target.environment,
      })
      .where(
        'to_at',
        '>',
        new Date(this.#work.now().getTime() - this.#silenceMs),
      );
  }

  async *#pages<Row extends { id: number }>(
    wanted: Wanted,
    columns: (string | Knex.Raw)[],
  ): AsyncGenerator<Row[]> {
    let after = 0;
    for (;;) {
      const rows = (await this.#within(wanted)
        .where('id', '>', after)
        .orderBy('id')
        .limit(PAGE)
        .select(columns)) as Row[];
      yield rows;
      if (rows.length < PAGE) {
        return;
      }
      after = rows[rows.length - 1].id;
    }
  }
}

interface CountRow {
  id: number;
  population: number | null;
  count: number | null;
}

interface DrawnRow {
  id: number;
  from_at: DatabaseTime;
  requests: number;
  errors: number;
  latencies: string;
}
