import { Knex } from 'knex';
import { toNumber } from '../database/values';
import {
  applyMetricsFilter,
  bucketOf,
  hasChangeKind,
  MetricsFilter,
} from './metricsFilter';

/** A read model, and the moment of its rows that places them in a period. */
export interface Events {
  table:
    | 'metric_deployments'
    | 'metric_failures'
    | 'metric_runs'
    | 'metric_outside_changes';
  time: 'at' | 'full_traffic_at' | 'detected_at' | 'finished_at' | 'raised_at';
}

/** Deployments by the start of their production traffic. */
export const STARTED: Events = { table: 'metric_deployments', time: 'at' };
/** Deployments by when they took all traffic; those that never did have no such moment. */
export const DELIVERED: Events = {
  table: 'metric_deployments',
  time: 'full_traffic_at',
};
/** Failures by when they were detected. */
export const FAILURES: Events = {
  table: 'metric_failures',
  time: 'detected_at',
};
/** Runs by when they ended. */
export const RUNS: Events = { table: 'metric_runs', time: 'finished_at' };
/** Changes that were made without Slipway, by when they were raised. */
export const OUTSIDE_CHANGES: Events = {
  table: 'metric_outside_changes',
  time: 'raised_at',
};

/** By what events are counted apart. */
export interface Keys {
  /** A column of the read models. */
  group?: 'owner' | 'model_ref' | 'risk' | 'change_kind';
  /** Only these groups. */
  groups?: string[];
  /** Whether by bucket of time too. */
  bucket?: boolean;
}

/** Values by group and bucket; the empty text and -1 stand for not being counted apart. */
export class Cells<T> {
  readonly #cells = new Map<string, T>();

  set(group: string, bucket: number, value: T): void {
    this.#cells.set(`${bucket} ${group}`, value);
  }

  get(group = '', bucket = -1): T | undefined {
    return this.#cells.get(`${bucket} ${group}`);
  }
}

/** Median and 90th percentile of some values, linearly interpolated, as PostgreSQL's `percentile_cont` does. */
export interface Quantiles {
  median: number;
  p90: number;
  count: number;
}

interface KeyColumns {
  grp?: string;
  bucket?: number;
}

/** The events of the period, each with its keys and the given columns, as the source of an outer query. */
export function eventsIn(
  knex: Knex,
  events: Events,
  filter: MetricsFilter,
  keys: Keys,
  columns: string[],
): Knex.QueryBuilder {
  const { table, time } = events;
  const builder = knex(table)
    .where(`${table}.${time}`, '>=', filter.from)
    .where(`${table}.${time}`, '<', filter.to)
    .modify(query => applyMetricsFilter(knex, query, table, filter))
    .select(
      columns.length > 0
        ? columns.map(column => `${table}.${column}`)
        : [knex.raw('1 as event')],
    );
  if (keys.group === 'change_kind' && !hasChangeKind(table)) {
    builder.whereRaw('1 = 0').select(knex.raw(`'' as grp`));
  } else if (keys.group) {
    builder.select({ grp: `${table}.${keys.group}` });
    if (keys.groups) {
      builder.whereIn(`${table}.${keys.group}`, keys.groups);
    }
  }
  if (keys.bucket) {
    builder.select({ bucket: bucketOf(knex, `${table}.${time}`, filter) });
  }
  return builder;
}

/** An SQL expression for {@link sumEvents} that counts the events which fulfil a condition. */
export function countOf(condition: string): string {
  return `case when ${condition} then 1 else 0 end`;
}

/**
 * Sums expressions over events by their keys.
 * @param columns - columns that the expressions use
 * @param sums - SQL expressions by name
 */
export async function sumEvents<Name extends string>(
  knex: Knex,
  events: Events,
  filter: MetricsFilter,
  keys: Keys,
  columns: string[],
  sums: Record<Name, string>,
): Promise<Cells<Record<Name, number>>> {
  const names = Object.keys(sums) as Name[];
  const query: Knex.QueryBuilder = knex
    .from(eventsIn(knex, events, filter, keys, columns).as('events'))
    .select(keyNames(keys))
    .select(names.map(name => knex.raw(`sum(${sums[name]}) as ??`, [name])))
    .modify(grouped => {
      if (keyNames(keys).length > 0) {
        grouped.groupBy(keyNames(keys));
      }
    });
  const rows: (Record<Name, number | string | null> & KeyColumns)[] =
    await query;
  const cells = new Cells<Record<Name, number>>();
  rows
    .filter(row => row.grp !== null)
    .forEach(row =>
      cells.set(
        row.grp ?? '',
        toBucket(row),
        Object.fromEntries(
          names.map(name => [name, toNumber(row[name] ?? 0)]),
        ) as Record<Name, number>,
      ),
    );
  return cells;
}

/**
 * Median and 90th percentile of a column by keys. The database ranks the values and hands over at most four a key, those
 * that the two lie between.
 * @param condition - SQL condition that an event has to fulfil
 */
export async function quantiles(
  knex: Knex,
  events: Events,
  filter: MetricsFilter,
  keys: Keys,
  column: string,
  columns: string[],
  condition: string,
): Promise<Cells<Quantiles>> {
  const names = keyNames(keys);
  const partition = names.length > 0 ? `partition by ${names.join(', ')} ` : '';
  const ranked = knex
    .from(
      eventsIn(knex, events, filter, keys, [column, ...columns]).as('events'),
    )
    .whereRaw(condition)
    .select(names)
    .select({ value: column })
    .select(
      knex.raw(
        `row_number() over (${partition}order by ${column}) as position`,
      ),
      knex.raw(
        names.length > 0
          ? `count(*) over (partition by ${names.join(', ')}) as size`
          : 'count(*) over () as size',
      ),
    );
  const rows: (KeyColumns & {
    value: number | string;
    position: number | string;
    size: number | string;
  })[] = await knex
    .from(ranked.as('ranked'))
    .whereRaw(
      'position in ((size - 1) / 2 + 1, (size - 1) / 2 + 2, (size - 1) * 9 / 10 + 1, (size - 1) * 9 / 10 + 2)',
    )
    .select([...names, 'value', 'position', 'size']);
  const byKey = new Map<string, typeof rows>();
  rows.forEach(row => {
    const key = `${row.bucket ?? -1} ${row.grp ?? ''}`;
    byKey.set(key, [...(byKey.get(key) ?? []), row]);
  });
  const cells = new Cells<Quantiles>();
  for (const ofKey of byKey.values()) {
    const size = toNumber(ofKey[0].size);
    const values = new Map(
      ofKey.map(row => [toNumber(row.position), toNumber(row.value)]),
    );
    cells.set(ofKey[0].grp ?? '', toBucket(ofKey[0]), {
      median: interpolate(values, (size - 1) * 0.5),
      p90: interpolate(values, ((size - 1) * 9) / 10),
      count: size,
    });
  }
  return cells;
}

/** The value at a position from 0 on that may lie between two. */
function interpolate(values: Map<number, number>, position: number): number {
  const below = Math.floor(position);
  const low = values.get(below + 1)!;
  const high = values.get(below + 2) ?? low;
  return low + (position - below) * (high - low);
}

function keyNames(keys: Keys): string[] {
  return [...(keys.group ? ['grp'] : []), ...(keys.bucket ? ['bucket'] : [])];
}

function toBucket(row: KeyColumns): number {
  return row.bucket === undefined ? -1 : toNumber(row.bucket);
}
