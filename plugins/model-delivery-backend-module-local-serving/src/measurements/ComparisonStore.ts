import { join } from 'node:path';
import Database from 'better-sqlite3';

const SECOND = 1000;

/** How the answers of a shadowed version compared in some time. */
export interface ComparisonCounts {
  mirrored: number;
  skipped: number;
  agreed: number;
  /** Largest distance between two numbers; null without any. */
  largest: number | null;
}

const NOTHING: ComparisonCounts = {
  mirrored: 0,
  skipped: 0,
  agreed: 0,
  largest: null,
};

interface OpenBucket extends ComparisonCounts {
  target: string;
  version: string;
  /** Seconds since the epoch. */
  at: number;
}

/**
 * How shadowed versions compared, in buckets of one second in a SQLite file of its own. The current second is in memory,
 * so a kill of the backend loses at most that.
 */
export class ComparisonStore {
  readonly #database: Database.Database;
  readonly #open = new Map<string, OpenBucket>();
  readonly #timer: NodeJS.Timeout;
  #pruned = 0;

  private constructor(
    path: string,
    private readonly options: { retentionMilliseconds: number },
    private readonly now: () => number,
  ) {
    this.#database = new Database(path);
    this.#database.pragma('journal_mode = WAL');
    this.#database.pragma('synchronous = NORMAL');
    this.#database.exec(`
      create table if not exists comparisons (
        target text not null,   -- model and environment
        version text not null,  -- the candidate
        at integer not null,    -- seconds since the epoch
        mirrored integer not null,
        skipped integer not null,
        agreed integer not null,
        largest real,           -- distance between two numbers
        primary key (target, version, at)
      ) without rowid`);
    this.#timer = setInterval(() => this.#flush(), SECOND);
    this.#timer.unref();
  }

  static open(
    directory: string,
    options: { retentionMilliseconds: number },
    now: () => number = Date.now,
  ): ComparisonStore {
    const path = join(directory, 'comparisons.sqlite');
    return new ComparisonStore(path, options, now);
  }

  /** Counts one copy in the second in which it was compared or given up. */
  record(
    target: string,
    version: string,
    comparison: { agreed: boolean; difference?: number } | undefined,
  ): void {
    const at = Math.floor(this.now() / SECOND);
    const key = JSON.stringify([target, version, at]);
    const counts = this.#open.get(key) ?? {
      target,
      version,
      at,
      ...NOTHING,
    };
    counts.mirrored += 1;
    counts.skipped += comparison ? 0 : 1;
    counts.agreed += comparison?.agreed ? 1 : 0;
    counts.largest = larger(counts.largest, comparison?.difference ?? null);
    this.#open.set(key, counts);
  }

  /** All of one version whose second begins in `[from, to)`. */
  read(
    target: string,
    version: string,
    from: Date,
    to: Date,
  ): ComparisonCounts {
    const first = Math.ceil(from.getTime() / SECOND);
    const end = Math.ceil(to.getTime() / SECOND);
    const written = this.#database
      .prepare<[string, string, number, number], ComparisonCounts>(
        `select mirrored, skipped, agreed, largest from comparisons
         where target = ? and version = ? and at >= ? and at < ?`,
      )
      .all(target, version, first, end);
    const open = [...this.#open.values()].filter(
      bucket =>
        bucket.target === target &&
        bucket.version === version &&
        bucket.at >= first &&
        bucket.at < end,
    );
    return [...written, ...open].reduce(
      (sum, each) => ({
        mirrored: sum.mirrored + each.mirrored,
        skipped: sum.skipped + each.skipped,
        agreed: sum.agreed + each.agreed,
        largest: larger(sum.largest, each.largest),
      }),
      NOTHING,
    );
  }

  /** Writes everything and closes the file. */
  close(): void {
    clearInterval(this.#timer);
    this.#flush();
    this.#database.close();
  }

  #flush(): void {
    const write = this.#database.prepare(
      // Added to what is there: a second may be written in parts
      `insert into comparisons (target, version, at, mirrored, skipped, agreed, largest)
       values (@target, @version, @at, @mirrored, @skipped, @agreed, @largest)
       on conflict (target, version, at) do update set
         mirrored = mirrored + excluded.mirrored,
         skipped = skipped + excluded.skipped,
         agreed = agreed + excluded.agreed,
         largest = case when largest is null or excluded.largest > largest
           then coalesce(excluded.largest, largest) else largest end`,
    );
    this.#database.transaction(() => {
      this.#open.forEach(bucket => write.run(bucket));
    })();
    this.#open.clear();
    const now = Math.floor(this.now() / SECOND);
    if (now - this.#pruned > 600) {
      this.#pruned = now;
      const kept = Math.ceil(this.options.retentionMilliseconds / SECOND);
      this.#database
        .prepare('delete from comparisons where at < ?')
        .run(now - kept);
    }
  }
}

function larger(one: number | null, other: number | null): number | null {
  return one === null || (other !== null && other > one) ? other : one;
}
