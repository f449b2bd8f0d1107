import { ChangeKind } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { DatabaseTime, toDate, toNumber } from '../database/values';
import {
  Cells,
  countOf,
  DELIVERED,
  FAILURES,
  Keys,
  OUTSIDE_CHANGES,
  Quantiles,
  quantiles,
  RUNS,
  STARTED,
  sumEvents,
} from './aggregate';
import { Counts, Tally } from './measures';
import {
  applyMetricsFilter,
  applyVisible,
  bucketStarts,
  MetricsFilter,
} from './metricsFilter';

/** A failure that recovery can be measured of: of a deployment, and over. */
const RECOVERED = 'deployment_id is not null and recovery_seconds is not null';

const NOTHING: Tally = {
  started: 0,
  failed: 0,
  reasoned: 0,
  rework: 0,
  emergencies: 0,
  fullTraffic: 0,
  hotFixed: 0,
  rolledBack: 0,
  delivered: 0,
  failures: 0,
  incidents: 0,
  runs: 0,
  refusals: 0,
  errors: 0,
  outsideChanges: 0,
};

/** What was counted, by group if asked for. */
export interface PeriodCounts {
  /** Of the whole period. */
  total(group?: string): Counts;
  /** Of one bucket of it, from 0. */
  bucket(group: string, bucket: number): Counts;
}

/** Everything that the measures count: nine queries, each by the index of its period. */
export async function countMetrics(
  knex: Knex,
  filter: MetricsFilter,
  keys: Pick<Keys, 'group' | 'groups'>,
): Promise<PeriodCounts> {
  const byBucket = { ...keys, bucket: true };
  const tallies: Cells<Partial<Tally>>[] = [
    await sumEvents(
      knex,
      STARTED,
      filter,
      byBucket,
      ['failed', 'rework', 'break_glass', 'remedy', 'full_traffic_at'],
      {
        started: '1',
        failed: countOf('failed = true'),
        reasoned: countOf('rework is not null'),
        rework: countOf('rework = true'),
        emergencies: countOf('break_glass = true'),
        fullTraffic: countOf('remedy is null and full_traffic_at is not null'),
        hotFixed: countOf(`remedy = 'hot-fixed'`),
        rolledBack: countOf(`remedy = 'rolled-back'`),
      },
    ),
    await sumEvents(knex, DELIVERED, filter, byBucket, [], { delivered: '1' }),
    await sumEvents(knex, FAILURES, filter, byBucket, ['incidents'], {
      failures: '1',
      incidents: 'incidents',
    }),
    await sumEvents(knex, RUNS, filter, byBucket, ['outcome'], {
      runs: '1',
      refusals: countOf(`outcome = 'failure'`),
      errors: countOf(`outcome = 'error'`),
    }),
    await sumEvents(knex, OUTSIDE_CHANGES, filter, byBucket, [], {
      outsideChanges: '1',
    }),
  ];
  const leadTime = await leadTimes(knex, filter, keys);
  const leadTimeByBucket = await leadTimes(knex, filter, byBucket);
  const recovery = await recoveryTimes(knex, filter, keys);
  const recoveryByBucket = await recoveryTimes(knex, filter, byBucket);
  const buckets = bucketStarts(filter).length;
  const tallyOf = (group: string | undefined, bucket: number): Tally =>
    Object.assign(
      { ...NOTHING },
      ...tallies.map(cells => cells.get(group, bucket)),
    );
  return {
    total: group => ({
      ...Array.from({ length: buckets }, (_, i) => tallyOf(group, i)).reduce(
        add,
        NOTHING,
      ),
      leadTime: leadTime.get(group),
      recovery: recovery.get(group),
    }),
    bucket: (group, bucket) => ({
      ...tallyOf(group, bucket),
      leadTime: leadTimeByBucket.get(group, bucket),
      recovery: recoveryByBucket.get(group, bucket),
    }),
  };
}

/** Median and p90 of the lead times, in seconds. */
export async function leadTimes(
  knex: Knex,
  filter: MetricsFilter,
  keys: Keys,
): Promise<Cells<Quantiles>> {
  return quantiles(
    knex,
    DELIVERED,
    filter,
    keys,
    'lead_time_seconds',
    [],
    'lead_time_seconds is not null',
  );
}

async function recoveryTimes(
  knex: Knex,
  filter: MetricsFilter,
  keys: Keys,
): Promise<Cells<Quantiles>> {
  return quantiles(
    knex,
    FAILURES,
    filter,
    keys,
    'recovery_seconds',
    ['deployment_id'],
    RECOVERED,
  );
}

function add(one: Tally, other: Tally): Tally {
  const sum = { ...one };
  for (const name of Object.keys(sum) as (keyof Tally)[]) {
    sum[name] += other[name];
  }
  return sum;
}

/** The one kind of change that all lead times of the period are of, by group; undefined when there are several. */
export async function onlyKinds(
  knex: Knex,
  filter: MetricsFilter,
  keys: Pick<Keys, 'group' | 'groups'>,
): Promise<Cells<ChangeKind>> {
  const column = keys.group ?? null;
  const rows: {
    grp?: string;
    least: ChangeKind;
    most: ChangeKind;
  }[] = await knex('metric_deployments')
    .where('full_traffic_at', '>=', filter.from)
    .where('full_traffic_at', '<', filter.to)
    .whereNotNull('lead_time_seconds')
    .modify(query => {
      applyMetricsFilter(knex, query, 'metric_deployments', filter);
      if (column) {
        query.select({ grp: column }).groupBy(column);
        if (keys.groups) {
          query.whereIn(column, keys.groups);
        }
      }
    })
    .min({ least: 'change_kind' })
    .max({ most: 'change_kind' });
  const cells = new Cells<ChangeKind>();
  rows
    .filter(row => row.least !== null && row.least === row.most)
    .forEach(row => cells.set(row.grp ?? '', -1, row.least));
  return cells;
}

/** How many models served in production at some time of the period, by group. */
export async function countActiveModels(
  knex: Knex,
  filter: MetricsFilter,
  keys: Pick<Keys, 'group' | 'groups'>,
): Promise<(group?: string) => number> {
  const { owners, models, risks, changeKinds } = filter;
  const column =
    keys.group &&
    (keys.group === 'change_kind'
      ? 'metric_deployments.change_kind'
      : {
          owner: 'models.owner',
          model_ref: 'deployments.model_ref',
          risk: 'models.risk',
        }[keys.group]);
  const needsModel =
    owners?.length || risks?.length || column?.startsWith('models.');
  const rows: { grp?: string; count: number | string }[] = await knex(
    'deployments',
  )
    .where('deployments.environment_tier', 'production')
    .where('deployments.started_at', '<', filter.to)
    .where(served =>
      served
        .whereNull('deployments.ended_at')
        .orWhere('deployments.ended_at', '>', filter.from),
    )
    .modify(query => {
      if (needsModel) {
        query.join('models', 'models.ref', 'deployments.model_ref');
      }
      if (owners?.length) {
        query.whereIn('models.owner', owners);
      }
      if (models?.length) {
        query.whereIn('deployments.model_ref', models);
      }
      if (risks?.length) {
        query.whereIn('models.risk', risks);
      }
      if (changeKinds?.length || keys.group === 'change_kind') {
        query.join(
          'metric_deployments',
          'metric_deployments.deployment_id',
          'deployments.id',
        );
      }
      if (changeKinds?.length) {
        query.whereIn('metric_deployments.change_kind', changeKinds);
      }
      if (column) {
        query.select({ grp: column }).groupBy(column);
        if (keys.groups) {
          query.whereIn(column, keys.groups);
        }
      }
      applyVisible(knex, query, 'deployments.model_ref', filter);
    })
    .countDistinct({ count: 'deployments.model_ref' });
  const byGroup = new Map(
    rows.map(row => [row.grp ?? '', toNumber(row.count)]),
  );
  return (group = '') => byGroup.get(group) ?? 0;
}

/** When the first production deployment that fits the filter, whatever the period, began; null when none did. */
export async function firstDeploymentAt(
  knex: Knex,
  filter: MetricsFilter,
): Promise<Date | null> {
  const row: { at: DatabaseTime } | undefined = await knex('metric_deployments')
    .modify(query =>
      applyMetricsFilter(knex, query, 'metric_deployments', filter),
    )
    .orderBy('at')
    .first('at');
  return row ? toDate(row.at) : null;
}
