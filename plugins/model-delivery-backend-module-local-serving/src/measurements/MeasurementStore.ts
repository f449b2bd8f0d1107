import { join } from 'node:path';
import Database from 'better-sqlite3';
import {
  SignalsBucket,
  VersionSignals,
} from '@slipway/backstage-plugin-model-delivery-node';
import { mergeSamples, Reservoir } from './reservoir';
import { summarise } from './summarise';

/** Latencies, and scores, kept of one version in one second. */
const KEPT_PER_SECOND = 200;
/** Latencies, and scores, that one answer holds, as the port has it. */
const KEPT_PER_ANSWER = 5000;
const SECOND = 1000;

/** One version's requests in one second. */
export interface Bucket {
  /** Seconds since the epoch. */
  at: number;
  requests: number;
  errors: number;
  answered: number;
  /** Milliseconds, all of them or a uniform sample. */
  latencies: ArrayLike<number>;
  /** Answers that had a score. */
  scored: number;
  /** All of them or a uniform sample. */
  scores: ArrayLike<number>;
}

interface BucketRow extends Omit<Bucket, 'latencies' | 'scores'> {
  latencies: Buffer;
  scores: Buffer | null;
}

interface OpenBucket extends Omit<Bucket, 'latencies' | 'scores'> {
  target: string;
  version: string;
  reservoir: Reservoir;
  scoreReservoir: Reservoir;
}

/**
 * What was measured of each version, in buckets of one second in a SQLite file of its own. The current second is in
 * memory, so a kill of the backend loses at most that.
 */
export class MeasurementStore {
  readonly #database: Database.Database;
  readonly #open = new Map<string, OpenBucket>();
  readonly #timer: NodeJS.Timeout;
  #pruned = 0;

  private constructor(
    path: string,
    private readonly options: {
      retentionMilliseconds: number;
      now: () => number;
      random: () => number;
    },
  ) {
    this.#database = new Database(path);
    this.#database.pragma('journal_mode = WAL');
    this.#database.pragma('synchronous = NORMAL');
    this.#database.exec(`
      create table if not exists buckets (
        target text not null,     -- model and environment
        version text not null,
        at integer not null,      -- seconds since the epoch
        requests integer not null,
        errors integer not null,
        answered integer not null,
        latencies blob not null,  -- milliseconds as 32-bit floats, a uniform sample of the answered requests
        scored integer not null default 0,
        scores blob,              -- 64-bit floats, a uniform sample of the scores
        primary key (target, version, at)
      ) without rowid`);
    this.#addScores();
    this.#timer = setInterval(() => this.#flushFinished(), SECOND);
    this.#timer.unref();
  }

  static open(
    directory: string,
    options: {
      retentionMilliseconds: number;
      now?: () => number;
      random?: () => number;
    },
  ): MeasurementStore {
    return new MeasurementStore(join(directory, 'measurements.sqlite'), {
      retentionMilliseconds: options.retentionMilliseconds,
      now: options.now ?? Date.now,
      random: options.random ?? Math.random,
    });
  }

  /**
   * Counts one request in the second in which it was answered or given up.
   * @param request - its latency in milliseconds, undefined when there was no answer; its score, undefined without one
   */
  record(
    target: string,
    version: string,
    request: { failed: boolean; latency?: number; score?: number },
  ): void {
    const at = Math.floor(this.options.now() / SECOND);
    const key = JSON.stringify([target, version, at]);
    let bucket = this.#open.get(key);
    if (!bucket) {
      bucket = {
        target,
        version,
        at,
        requests: 0,
        errors: 0,
        answered: 0,
        reservoir: new Reservoir(KEPT_PER_SECOND, this.options.random),
        scored: 0,
        scoreReservoir: new Reservoir(KEPT_PER_SECOND, this.options.random),
      };
      this.#open.set(key, bucket);
    }
    bucket.requests += 1;
    bucket.errors += request.failed ? 1 : 0;
    if (request.latency !== undefined) {
      bucket.answered += 1;
      bucket.reservoir.add(request.latency);
    }
    if (request.score !== undefined) {
      bucket.scored += 1;
      bucket.scoreReservoir.add(request.score);
    }
  }

  /** All of one version whose second begins in `[from, to)`. */
  read(target: string, version: string, from: Date, to: Date): VersionSignals {
    const buckets = this.#buckets(target, version, from, to);
    const scored = buckets.reduce((sum, each) => sum + each.scored, 0);
    return {
      requests: buckets.reduce((sum, { requests }) => sum + requests, 0),
      errors: buckets.reduce((sum, { errors }) => sum + errors, 0),
      latencies: mergeSamples(
        buckets.map(({ answered, latencies }) => ({
          size: answered,
          sample: latencies,
        })),
        KEPT_PER_ANSWER,
        this.options.random,
      ),
      ...(scored > 0 && {
        scored,
        scores: mergeSamples(
          buckets.map(each => ({ size: each.scored, sample: each.scores })),
          KEPT_PER_ANSWER,
          this.options.random,
        ),
      }),
    };
  }

  /** The same in wider buckets that start at `from`; those without requests are left out. */
  readSeries(
    target: string,
    version: string,
    from: Date,
    to: Date,
    bucketSeconds: number,
  ): SignalsBucket[] {
    return summarise(
      this.#buckets(target, version, from, to),
      from,
      bucketSeconds,
    );
  }

  /** Writes everything and closes the file. */
  close(): void {
    clearInterval(this.#timer);
    this.#flush([...this.#open.keys()]);
    this.#database.close();
  }

  #buckets(target: string, version: string, from: Date, to: Date): Bucket[] {
    const first = Math.ceil(from.getTime() / SECOND);
    const end = Math.ceil(to.getTime() / SECOND);
    const written = this.#database
      .prepare<[string, string, number, number], BucketRow>(
        `select at, requests, errors, answered, latencies, scored, scores from buckets
         where target = ? and version = ? and at >= ? and at < ? order by at`,
      )
      .all(target, version, first, end)
      .map(row => ({
        ...row,
        latencies: toFloats(row.latencies),
        scores: toDoubles(row.scores),
      }));
    const open = [...this.#open.values()]
      .filter(
        bucket =>
          bucket.target === target &&
          bucket.version === version &&
          bucket.at >= first &&
          bucket.at < end,
      )
      .map(({ reservoir, scoreReservoir, ...bucket }) => ({
        ...bucket,
        latencies: reservoir.values,
        scores: scoreReservoir.values,
      }));
    return [...written, ...open];
  }

  /** A file of before scores were measured has no columns for them. */
  #addScores(): void {
    const columns = this.#database.pragma('table_info(buckets)') as {
      name: string;
    }[];
    if (!columns.some(({ name }) => name === 'scored')) {
      this.#database.exec(
        'alter table buckets add column scored integer not null default 0; alter table buckets add column scores blob',
      );
    }
  }

  #flushFinished(): void {
    const now = Math.floor(this.options.now() / SECOND);
    this.#flush(
      [...this.#open].flatMap(([key, { at }]) => (at === now ? [] : [key])),
    );
    if (now - this.#pruned > 600) {
      this.#pruned = now;
      this.#database
        .prepare('delete from buckets where at < ?')
        .run(now - Math.ceil(this.options.retentionMilliseconds / SECOND));
    }
  }

  #flush(keys: string[]): void {
    if (keys.length === 0) {
      return;
    }
    const find = this.#database.prepare<[string, string, number], BucketRow>(
      'select * from buckets where target = ? and version = ? and at = ?',
    );
    const write = this.#database.prepare(
      `insert or replace into buckets (target, version, at, requests, errors, answered, latencies, scored, scores)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#database.transaction(() => {
      for (const key of keys) {
        const bucket = this.#open.get(key)!;
        // There already when the backend restarts within a second, or the clock goes back
        const old = find.get(bucket.target, bucket.version, bucket.at);
        const latencies = old
          ? mergeSamples(
              [
                { size: old.answered, sample: toFloats(old.latencies) },
                { size: bucket.answered, sample: bucket.reservoir.values },
              ],
              KEPT_PER_SECOND,
              this.options.random,
            )
          : bucket.reservoir.values;
        const scores = old
          ? mergeSamples(
              [
                { size: old.scored, sample: toDoubles(old.scores) },
                { size: bucket.scored, sample: bucket.scoreReservoir.values },
              ],
              KEPT_PER_SECOND,
              this.options.random,
            )
          : bucket.scoreReservoir.values;
        write.run(
          bucket.target,
          bucket.version,
          bucket.at,
          bucket.requests + (old?.requests ?? 0),
          bucket.errors + (old?.errors ?? 0),
          bucket.answered + (old?.answered ?? 0),
          Buffer.from(Float32Array.from(latencies).buffer),
          bucket.scored + (old?.scored ?? 0),
          // As exact as they came: the same score has to stay the same on both sides of a comparison
          Buffer.from(Float64Array.from(scores).buffer),
        );
      }
    })();
    keys.forEach(key => this.#open.delete(key));
  }
}

/** A copy, since SQLite's bytes need not lie at a multiple of four. */
function toFloats(bytes: Buffer): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}

function toDoubles(bytes: Buffer | null): Float64Array {
  return new Float64Array(new Uint8Array(bytes ?? []).buffer);
}
