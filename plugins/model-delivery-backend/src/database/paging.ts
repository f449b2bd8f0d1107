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

/** What a cursor may hold, by what it is called where it is unpacked. */
interface CursorKinds {
  /** A value of an integer column, as most ids are. */
  number: number;
  /** A value of a big integer column. */
  big: number;
  /** Any number, or null. */
  'real?': number | null;
  /** A moment, packed as milliseconds. */
  time: Date;
  /** A moment, or null. */
  'time?': Date | null;
  text: string;
}

/** The name of what a cursor may hold. */
export type CursorKind = keyof CursorKinds;

/** The largest value of an integer column. */
const LARGEST = 2 ** 31 - 1;
/** The first moment of the year 1 and the last one of the year 9999, which both databases can hold. */
const [EARLIEST_TIME, LATEST_TIME] = [-62_135_596_800_000, 253_402_300_799_999];

/**
 * Unpacks a cursor of known values, for instance `decodeCursor(cursor, 'time', 'number')`.
 * @throws InputError when it is not one that `encodeCursor` made for such values.
 */
export function decodeCursor<K extends CursorKind[]>(
  cursor: string,
  ...kinds: K
): { [I in keyof K]: CursorKinds[K[I]] } {
  const values = readCursor(cursor);
  if (values.length !== kinds.length) {
    throw notOfThisList();
  }
  return kinds.map((kind, i) => toKind(kind, values[i])) as {
    [I in keyof K]: CursorKinds[K[I]];
  };
}

function toKind(
  kind: CursorKind,
  value: string | number | null,
): string | number | Date | null {
  if (kind === 'text') {
    if (typeof value === 'string') {
      return value;
    }
  } else if (kind.endsWith('?') && value === null) {
    return null;
  } else if (kind === 'real?' && typeof value === 'number') {
    return value;
  } else if (typeof value === 'number' && Number.isSafeInteger(value)) {
    if (kind === 'big' || (kind === 'number' && Math.abs(value) <= LARGEST)) {
      return value;
    }
    if (
      kind.startsWith('time') &&
      value >= EARLIEST_TIME &&
      value <= LATEST_TIME
    ) {
      return new Date(value);
    }
  }
  throw notOfThisList();
}

function readCursor(cursor: string): CursorValues {
  try {
    const values: unknown = JSON.parse(
      Buffer.from(cursor, 'base64url').toString('utf8'),
    );
    if (Array.isArray(values) && values.every(isCursorValue)) {
      return values;
    }
  } catch {
    // Falls through: any malformed cursor is told the same way.
  }
  throw notOfThisList();
}

function isCursorValue(value: unknown): value is CursorValues[number] {
  return (
    value === null ||
    typeof value === 'number' ||
    // PostgreSQL cannot hold the character NUL
    (typeof value === 'string' && !value.includes('\0'))
  );
}

function notOfThisList(): InputError {
  return new InputError(
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
