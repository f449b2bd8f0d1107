import { Knex } from 'knex';
import { inOneProcess } from '../database/inOneProcess';
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
  return query.measured?.length
    ? inOneProcess(knex, tx => readPage(tx, modelRef, query))
    : readPage(knex, modelRef, query);
}

async function readPage(
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
  // Found among the measurements alone: only what is shown is looked up
  const places = knex('measurements')
    .where({
      'measurements.model_ref': modelRef,
      'measurements.fact': FACT,
      'measurements.name': metric,
    })
    .modify(narrow(query, 'measurements.version_id'))
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
    .select(
      'measurements.version_id',
      'measurements.value',
      'measurements.position as place',
    );
  return knex(places.as('places'))
    .join('versions', 'versions.id', 'places.version_id')
    .orderBy([
      { column: 'places.value', order },
      { column: 'places.place', order },
    ])
    .select('versions.*', 'places.value as sort_value');
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
    .modify(narrow(query, 'versions.id'))
    .modify(builder => {
      if (after !== undefined) {
        builder.where('versions.position', order === 'desc' ? '<' : '>', after);
      }
      if (metric !== undefined) {
        builder.whereNotExists(measurementOf(metric, 'versions.id'));
      }
    })
    .orderBy('versions.position', order)
    .limit(wanted)
    .select('versions.*', knex.raw('null as sort_value'));
}

/** Selects the measurement of the metric of a version, whose id is a column of the outer query. */
function measurementOf(metric: string, id: string) {
  return (inner: Knex.QueryBuilder) =>
    inner
      .from('measurements as other')
      .select('other.version_id')
      .whereRaw('other.version_id = ??', [id])
      .where({ 'other.fact': FACT, 'other.name': metric });
}

/** Narrows a query of versions, whose ids are in the column. */
function narrow(query: VersionsQuery, id: string) {
  const text = query.q?.trim().toLowerCase();
  const conditions = (query.measured ?? []).map(toCondition);
  return (builder: Knex.QueryBuilder) => {
    if (text) {
      const pattern = patternOf(text);
      builder.whereExists(inner =>
        inner
          .from('versions as named')
          .select('named.id')
          .whereRaw('named.id = ??', [id])
          // The expression is that of an index
          .whereRaw(
            `lower(named.name || ' ' || named.digest || ' ' || named.trained_by || ' ' || named.parts) like ? escape '\\'`,
            [pattern],
          ),
      );
    }
    if (query.serving) {
      builder.whereExists(inner =>
        inner
          .from('deployments')
          .select('deployments.id')
          .whereRaw('deployments.version_id = ??', [id])
          .whereNull('deployments.ended_at'),
      );
    }
    for (const { metric, operator, bound } of conditions) {
      builder.whereExists(inner =>
        measurementOf(metric, id)(inner).where('other.value', operator, bound),
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
