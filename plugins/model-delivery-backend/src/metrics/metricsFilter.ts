import { InputError } from '@backstage/errors';
import {
  ChangeKind,
  Risk,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { ModelFilter } from '../access/Authorizer';

/** The longest period that is answered, in days. */
export const LONGEST_DAYS = 370;
/** Days of one bucket of the courses over time. */
export const BUCKET_DAYS = 7;

const DAY_MS = 86_400_000;
const BUCKET_MS = BUCKET_DAYS * DAY_MS;

/** What the metrics are asked for. */
export interface MetricsFilter {
  /** Start of the half-open period. */
  from: Date;
  to: Date;
  owners?: string[];
  models?: string[];
  risks?: Risk[];
  changeKinds?: ChangeKind[];
  /** Models that the caller may see. */
  visible: ModelFilter;
}

/** The query parameters that the metrics' operations share. */
export interface MetricsQuery {
  from: string;
  to: string;
  owner?: string[];
  model?: string[];
  risk?: Risk[];
  changeKind?: ChangeKind[];
}

/**
 * Reads the parameters.
 * @throws InputError naming the path when the period is empty or too long.
 */
export function readMetricsFilter(
  query: MetricsQuery,
  visible: ModelFilter,
): MetricsFilter {
  const from = new Date(query.from);
  const to = new Date(query.to);
  if (!(to > from)) {
    throw new InputError(
      `request/query/to is ${query.to}, which is not after request/query/from, ${query.from}`,
    );
  }
  if (to.getTime() - from.getTime() > LONGEST_DAYS * DAY_MS) {
    throw new InputError(
      `request/query/to is more than ${LONGEST_DAYS} days after request/query/from`,
    );
  }
  return {
    from,
    to,
    owners: lowerCase(query.owner),
    models: lowerCase(query.model),
    risks: query.risk,
    changeKinds: query.changeKind,
    visible,
  };
}

/** Length of the period in weeks. */
export function weeksOf(filter: MetricsFilter): number {
  return (filter.to.getTime() - filter.from.getTime()) / BUCKET_MS;
}

/** Starts of the buckets of the period; the last one may be cut short by its end. */
export function bucketStarts(filter: MetricsFilter): Date[] {
  return Array.from(
    { length: Math.ceil(weeksOf(filter)) },
    (_, i) => new Date(filter.from.getTime() + i * BUCKET_MS),
  );
}

/** The number of the bucket, from 0, that the moment in `column` falls into. */
export function bucketOf(
  knex: Knex,
  column: string,
  filter: MetricsFilter,
): Knex.Raw {
  return knex.client.config.client === 'pg'
    ? knex.raw(
        'cast(floor(extract(epoch from (?? - cast(? as timestamptz))) / ?) as integer)',
        [column, filter.from.toISOString(), BUCKET_MS / 1000],
      )
    : // SQLite holds milliseconds.
      knex.raw('cast((?? - ?) / ? as integer)', [
        column,
        filter.from.getTime(),
        BUCKET_MS,
      ]);
}

/**
 * Whether the events of a read model can be told apart by kind of change. A run may fail before it is known what it
 * changes, and who changed something outside did not say.
 */
export function hasChangeKind(table: string): boolean {
  return table !== 'metric_runs' && table !== 'metric_outside_changes';
}

/** Narrows a query on one of the read models to the filter, apart from its period. */
export function applyMetricsFilter(
  knex: Knex,
  builder: Knex.QueryBuilder,
  table: string,
  filter: MetricsFilter,
): void {
  const { owners, models, risks, changeKinds } = filter;
  if (owners?.length) {
    builder.whereIn(`${table}.owner`, owners);
  }
  if (models?.length) {
    builder.whereIn(`${table}.model_ref`, models);
  }
  if (risks?.length) {
    builder.whereIn(`${table}.risk`, risks);
  }
  if (changeKinds?.length) {
    if (hasChangeKind(table)) {
      builder.whereIn(`${table}.change_kind`, changeKinds);
    } else {
      builder.whereRaw('1 = 0');
    }
  }
  applyVisible(knex, builder, `${table}.model_ref`, filter);
}

/** Narrows a query to the models that the caller may see, without any cost when these are all. */
export function applyVisible(
  knex: Knex,
  builder: Knex.QueryBuilder,
  column: string,
  filter: MetricsFilter,
): void {
  const refs = knex('models').select('models.ref');
  const visible = refs.clone().modify(filter.visible);
  if (visible.toQuery() !== refs.toQuery()) {
    builder.whereIn(column, visible);
  }
}

function lowerCase(refs: string[] | undefined): string[] | undefined {
  return refs?.map(ref => ref.toLocaleLowerCase('en-US'));
}
