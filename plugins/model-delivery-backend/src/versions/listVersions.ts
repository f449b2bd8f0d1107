import { Knex } from 'knex';
import { patternOf } from '../database/values';
import { CursorValues, decodeCursor, Page, toPage } from '../database/paging';
import { OperationRequest } from '../http/operations';
import { toVersionRecord, VersionRecord, VersionRow } from './VersionRecord';

/** What the list of a model's versions is asked for. */
export type VersionsQuery = OperationRequest<'listVersions'>['query'];

/** What tells how good a version is; other facts are about its data, its training or its tests. */
const FACT = 'candidate';

/** Which versions come first: those that measured the metric, by its value; then the others, the last registered first. */
type Place =
  | { measured: true; value: number; position: number }
  | { measured: false; position: number };

type Row = VersionRow & { sort_value: number | null };

/**
 * One page of a model's versions: narrowed, and sorted by their registration or by a metric, in SQL. Versions without the
 * metric come last in either order.
 * @throws InputError when the cursor is none
 */
export async function listVersions(
  knex: Knex,
  modelRef: string,
  query: VersionsQuery & { limit: number },
): Promise<Page<VersionRecord>> {
  const metric = query.sort?.startsWith('metric:')
    ? query.sort.slice('metric:'.length)
    : undefined;
  const after = placeOf(query.cursor, metric);
  const wanted = query.limit + 1;
  const rows: Row[] = [];
  if (metric !== undefined && (!after || after.measured)) {
    rows.push(
      ...(await findMeasured(knex, modelRef, { query, metric, after, wanted })),
    );
  }
  if (rows.length < wanted) {
    rows.push(
      ...(await findByPosition(knex, modelRef, {
        query,
        metric,
        after: after?.measured ? undefined : after?.position,
        wanted: wanted - rows.length,
      })),
    );
  }
  return toPage(rows, query.limit, cursorOf(metric), toVersionRecord);
}

/** Versions that measured the metric, in the order of its values. */
async function findMeasured(
  knex: Knex,
  modelRef: string,
  options: {
    query: VersionsQuery;
    metric: string;
    after: Place | undefined;
    wanted: number;
  },
): Promise<Row[]> {
  const { query, metric, after, wanted } = options;
  const order = query.order ?? 'desc';
  return knex('measurements')
    .join('versions', 'versions.id', 'measurements.version_id')
    .where({
      'measurements.model_ref': modelRef,
      'measurements.fact': FACT,
      'measurements.name': metric,
    })
    .modify(narrow(query))
    .modify(builder => {
      if (after?.measured) {
        // Both databases compare rows, and use the index for it
        builder.whereRaw(
          `(measurements.value, measurements.position) ${
            order === 'desc' ? '<' : '>'
          } (?, ?)`,
          [after.value, after.position],
        );
      }
    })
    .orderBy([
      { column: 'measurements.value', order },
      { column: 'measurements.position', order },
    ])
    .limit(wanted)
    .select('versions.*', 'measurements.value as sort_value');
}

/** Versions in the order of registration; with a metric, those that did not measure it. */
async function findByPosition(
  knex: Knex,
  modelRef: string,
  options: {
    query: VersionsQuery;
    metric: string | undefined;
    after: number | undefined;
    wanted: number;
  },
): Promise<Row[]> {
  const { query, metric, after, wanted } = options;
  const order = metric === undefined ? query.order ?? 'desc' : 'desc';
  return knex('versions')
    .where({ 'versions.model_ref': modelRef })
    .modify(narrow(query))
    .modify(builder => {
      if (after !== undefined) {
        builder.where('versions.position', order === 'desc' ? '<' : '>', after);
      }
      if (metric !== undefined) {
        builder.whereNotExists(measurementOf(metric));
      }
    })
    .orderBy('versions.position', order)
    .limit(wanted)
    .select('versions.*', knex.raw('null as sort_value'));
}

/** Selects the measurement of the metric of a version of the outer query. */
function measurementOf(metric: string) {
  return (inner: Knex.QueryBuilder) =>
    inner
      .from('measurements')
      .select('measurements.version_id')
      .whereRaw('measurements.version_id = versions.id')
      .where({ 'measurements.fact': FACT, 'measurements.name': metric });
}

/** Narrows a query that selects from `versions`. */
function narrow(query: VersionsQuery) {
  const text = query.q?.trim().toLowerCase();
  const conditions = (query.measured ?? []).map(toCondition);
  return (builder: Knex.QueryBuilder) => {
    if (text) {
      const pattern = patternOf(text);
      builder.whereRaw(
        `lower(versions.name || ' ' || versions.digest || ' ' || versions.trained_by || ' ' || versions.parts) like ? escape '\\'`,
        [pattern],
      );
    }
    if (query.serving) {
      builder.whereExists(inner =>
        inner
          .from('deployments')
          .select('deployments.id')
          .whereRaw('deployments.version_id = versions.id')
          .whereNull('deployments.ended_at'),
      );
    }
    for (const { metric, operator, bound } of conditions) {
      builder.whereExists(inner =>
        measurementOf(metric)(inner).where(
          'measurements.value',
          operator,
          bound,
        ),
      );
    }
  };
}

/** Reads a condition such as `f1>=0.8`, whose form the contract has checked. */
function toCondition(text: string): {
  metric: string;
  operator: string;
  bound: number;
} {
  const at = text.search(/[<>]=/);
  return {
    metric: text.slice(0, at),
    operator: text.slice(at, at + 2),
    bound: Number(text.slice(at + 2)),
  };
}

function placeOf(
  cursor: string | undefined,
  metric: string | undefined,
): Place | undefined {
  if (cursor === undefined) {
    return undefined;
  }
  if (metric === undefined) {
    const [position] = decodeCursor(cursor, 'big');
    return { measured: false, position };
  }
  const [value, position] = decodeCursor(cursor, 'real?', 'big');
  return value === null
    ? { measured: false, position }
    : { measured: true, value, position };
}

function cursorOf(metric: string | undefined) {
  return ({ sort_value, position }: Row): CursorValues =>
    metric === undefined ? [Number(position)] : [sort_value, Number(position)];
}
