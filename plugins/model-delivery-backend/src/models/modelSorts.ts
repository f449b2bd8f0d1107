import { InputError } from '@backstage/errors';
import { Knex } from 'knex';
import { CursorKind, CursorValues, decodeCursor } from '../database/paging';
import { toDateOrNull } from '../database/values';
import { OperationRequest } from '../http/operations';
import { ModelRow } from './ModelRecord';

/** The orders in which models are listed. */
export type ModelSort = NonNullable<
  OperationRequest<'listModels'>['query']['sort']
>;

/** What the place of a row in each order is. */
type SortedRow = Pick<
  ModelRow,
  'ref' | 'name' | 'attention' | 'risk_rank' | 'last_deployed_at'
>;

interface Sort {
  orderBy(builder: Knex.QueryBuilder): void;
  /** Values of the sort columns, by which the next page begins. */
  cursorOf(row: SortedRow): CursorValues;
  /** What they are when they are unpacked. */
  kinds: CursorKind[];
  /** Narrows to the rows after the one with these values, in a form that the index of the order serves. */
  after(
    builder: Knex.QueryBuilder,
    values: (string | number | Date | null)[],
  ): void;
}

const byName: Sort = {
  orderBy: builder => builder.orderBy(['models.name', 'models.ref']),
  cursorOf: row => [row.name, row.ref],
  kinds: ['text', 'text'],
  after: (builder, [name, ref]) =>
    builder.whereRaw('(models.name, models.ref) > (?, ?)', [name, ref]),
};

const SORTS: Record<ModelSort, Sort> = {
  name: byName,
  attention: byRankThenName('attention'),
  risk: byRankThenName('risk_rank'),
  deployed: {
    orderBy: builder =>
      builder.orderByRaw('models.last_deployed_at desc nulls last, models.ref'),
    cursorOf: row => [
      toDateOrNull(row.last_deployed_at)?.getTime() ?? null,
      row.ref,
    ],
    kinds: ['time?', 'text'],
    after: (builder, [time, ref]) => {
      if (time === null) {
        builder
          .whereNull('models.last_deployed_at')
          .where('models.ref', '>', ref);
        return;
      }
      builder.where(rest =>
        rest
          .where('models.last_deployed_at', '<', time)
          .orWhere(same =>
            same
              .where('models.last_deployed_at', time)
              .where('models.ref', '>', ref),
          )
          .orWhereNull('models.last_deployed_at'),
      );
    },
  },
};

/** Orders a query that selects from `models`, and begins after the cursor. */
export function applySort(
  builder: Knex.QueryBuilder,
  sort: ModelSort,
  cursor: string | undefined,
): void {
  SORTS[sort].orderBy(builder);
  if (cursor !== undefined) {
    const [of, ...values] = decodeCursor(cursor, 'text', ...SORTS[sort].kinds);
    if (of !== sort) {
      throw new InputError(
        `request/query/cursor is of the list sorted by ${of}, not by ${sort}; leave it out to start from the first page`,
      );
    }
    SORTS[sort].after(builder, values);
  }
}

/** What the next page begins after. */
export function cursorOf(sort: ModelSort, row: SortedRow): CursorValues {
  return [sort, ...SORTS[sort].cursorOf(row)];
}

/** The highest rank first, written as the index has it. */
function byRankThenName(column: 'attention' | 'risk_rank'): Sort {
  return {
    orderBy: builder =>
      builder.orderByRaw(`(-models.${column}), models.name, models.ref`),
    cursorOf: row => [row[column], row.name, row.ref],
    kinds: ['number', 'text', 'text'],
    after: (builder, [rank, name, ref]) =>
      builder.whereRaw(
        `((-models.${column}), models.name, models.ref) > (?, ?, ?)`,
        [-Number(rank), name, ref],
      ),
  };
}
