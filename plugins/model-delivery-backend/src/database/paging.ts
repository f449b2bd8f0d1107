import { InputError } from '@backstage/errors';

/** One page of a list; no `nextCursor` on the last one. */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** What is asked for of a list. */
export interface PageRequest {
  /** 1 to 200. */
  limit: number;
  cursor?: string;
}

/** Values of the sort columns of a page's last row. */
export type CursorValues = (string | number | null)[];

/** Packs the sort values of the last row into an opaque cursor. */
export function encodeCursor(values: CursorValues): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/**
 * Unpacks a cursor.
 * @throws InputError when it is not one that `encodeCursor` made for `length` values.
 */
export function decodeCursor(cursor: string, length: number): CursorValues {
  try {
    const values: unknown = JSON.parse(
      Buffer.from(cursor, 'base64url').toString('utf8'),
    );
    if (
      Array.isArray(values) &&
      values.length === length &&
      values.every(
        value =>
          value === null ||
          typeof value === 'string' ||
          typeof value === 'number',
      )
    ) {
      return values;
    }
  } catch {
    // Falls through: any malformed cursor is told the same way.
  }
  throw new InputError(
    'request/query/cursor is not a cursor of this list; leave it out to start from the first page',
  );
}

/**
 * Makes a page of up to `limit` items out of up to `limit + 1` rows: the one too many shows that there is a next page.
 */
export function toPage<Row, T>(
  rows: Row[],
  limit: number,
  cursorOf: (row: Row) => CursorValues,
  toItem: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const items = shown.map(toItem);
  return rows.length > limit
    ? { items, nextCursor: encodeCursor(cursorOf(shown[shown.length - 1])) }
    : { items };
}
