import { DatabaseTime, toDate } from '../database/values';
import { ConnectionRow } from './registryStore';

type Columns = Pick<
  ConnectionRow,
  'import_started_at' | 'import_versions' | 'import_reached_at'
>;

/** Counts what was read of everything, also over interruptions. */
export class ImportProgress {
  #startedAt: DatabaseTime | null;
  #versions: number;

  constructor(connection: Columns) {
    this.#startedAt = connection.import_started_at;
    this.#versions = connection.import_versions;
  }

  /** When the reading of everything began, that a page belongs to or completes. */
  startedAt(now: Date): Date {
    return this.#startedAt === null ? now : toDate(this.#startedAt);
  }

  /** What to keep after a page, in columns of the connection. */
  after(
    page: { versions: unknown[]; importing?: { reached?: Date } },
    now: Date,
  ): Columns {
    if (!page.importing) {
      this.#startedAt = null;
      this.#versions = 0;
      return {
        import_started_at: null,
        import_versions: 0,
        import_reached_at: null,
      };
    }
    this.#startedAt ??= now;
    this.#versions += page.versions.length;
    return {
      import_started_at: this.#startedAt,
      import_versions: this.#versions,
      import_reached_at: page.importing.reached ?? null,
    };
  }
}
