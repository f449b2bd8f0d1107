import { ConflictError } from '@backstage/errors';

/**
 * A moment as the database gives it: a `Date` from PostgreSQL, milliseconds from SQLite.
 */
export type DatabaseTime = Date | number | string;

/** The moment that a column holds. */
export function toDate(value: DatabaseTime): Date {
  return value instanceof Date ? value : new Date(value);
}

/** The moment that a nullable column holds. */
export function toDateOrNull(value: DatabaseTime | null): Date | null {
  return value === null || value === undefined ? null : toDate(value);
}

/** The moment as the API says it: ISO 8601 in UTC. */
export function toIso(value: DatabaseTime): string {
  return toDate(value).toISOString();
}

/** The moment as the API says it, or null. */
export function toIsoOrNull(value: DatabaseTime | null): string | null {
  return toDateOrNull(value)?.toISOString() ?? null;
}

/** A count or big integer, which PostgreSQL gives as text. */
export function toNumber(value: number | string | bigint): number {
  return Number(value);
}

/** A boolean, which SQLite gives as 0 or 1. */
export function toBoolean(value: boolean | number): boolean {
  return value === true || value === 1;
}

/** The driver's code of a failed statement. Not by `instanceof`: an error may be of another realm, as under Jest. */
function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : '';
}

/** Whether it is a database that refused a statement: by a SQLSTATE of PostgreSQL or a result code of SQLite. */
export function isDatabaseError(error: unknown): boolean {
  return /^(?:[0-9A-Z]{5}|SQLITE_\w+)$/.test(codeOf(error));
}

/** Whether a statement failed because a row with such a key is already there. */
export function isUniqueViolation(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code === '23505' ||
    code === 'SQLITE_CONSTRAINT_UNIQUE' ||
    code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
  );
}

/**
 * Refuses a change that lost a race, naming the state that won.
 */
export class StaleStateError extends ConflictError {
  constructor(message: string, readonly current: Record<string, unknown>) {
    super(message);
    this.name = 'ConflictError';
  }
}

/** A pattern of `LIKE`, escaped by a backslash, for what holds a text. */
export function patternOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, each => `\\${each}`)}%`;
}
