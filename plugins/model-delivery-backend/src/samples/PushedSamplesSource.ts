import {
  DeploymentTarget,
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

/** Latencies that are compared at most, as the port has it. */
const MOST_LATENCIES = 5_000;
/** Rows of one query. */
const PAGE = 1_000;
/** Rows that a drawing reads at most, the latest first to go. */
const MOST_DRAWN = 20_000;
/** Latencies of one row that a drawing reads at most. */
const DRAWN_OF_ROW = 200;

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
    const since = new Date(this.#work.now().getTime() - this.#silenceMs);
    const row = await this.#work
      .knex('pushed_samples')
      .where({
        model_ref: target.model.toLocaleLowerCase('en-US'),
        environment: target.environment,
      })
      .where('to_at', '>', since)
      .first('id');
    return row !== undefined;
  }

  async read(wanted: Wanted): Promise<VersionSignals> {
    const totals = await this.#within(wanted)
      .sum({ requests: 'requests', errors: 'errors' })
      .first();
    const requests = toNumber(totals?.requests ?? 0);
    const errors = toNumber(totals?.errors ?? 0);
    const latencies: number[] = [];
    const share = await this.#shareOfAnswered(wanted, requests - errors);
    const take = quotas(share);
    for await (const rows of this.#pages<CountRow>(wanted, [
      'id',
      'requests',
      'errors',
      'latency_count',
    ])) {
      const counts = new Map<number, number>();
      for (const row of rows) {
        const count = Math.min(
          take(row.requests - row.errors),
          row.latency_count,
        );
        if (count > 0) {
          counts.set(row.id, count);
        }
      }
      const lists: { id: number; latencies: string }[] =
        counts.size === 0
          ? []
          : await this.#work
              .knex('pushed_samples')
              .whereIn('id', [...counts.keys()])
              .select('id', 'latencies');
      for (const { id, latencies: list } of lists) {
        latencies.push(...pick(JSON.parse(list), counts.get(id)!));
      }
    }
    return { requests, errors, latencies };
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

  /**
   * The share of the answered requests whose latencies are taken: the same of each row, so that every request had the same
   * chance, and as large as the row with the fewest latencies allows.
   */
  async #shareOfAnswered(wanted: Wanted, answered: number): Promise<number> {
    if (answered === 0) {
      return 0;
    }
    const row: { least: number | string | null } | undefined =
      await this.#within(wanted)
        .whereRaw('requests > errors')
        .first(
          this.#work.knex.raw(
            'min(latency_count * 1.0 / (requests - errors)) as least',
          ),
        );
    return Math.min(MOST_LATENCIES / answered, toNumber(row?.least ?? 0), 1);
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

  async *#pages<Row extends { id: number }>(
    wanted: Wanted,
    columns: string[],
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
  requests: number;
  errors: number;
  latency_count: number;
}

interface DrawnRow {
  id: number;
  from_at: DatabaseTime;
  requests: number;
  errors: number;
  latencies: string;
}
