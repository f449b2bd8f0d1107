import {
  ChangeKind,
  Measure,
} from '@slipway/backstage-plugin-model-delivery-common';
import { wilsonInterval } from '@slipway/canary-analysis';
import { Quantiles } from './aggregate';

const HOUR = 3_600;
const WEEKS_PER_MONTH = 365.25 / 12 / 7;

/** An active model is delivered at least once a month, so many times a week. */
export const TARGET_PER_MODEL_AND_WEEK = 1 / WEEKS_PER_MONTH;
/** Upper bounds of the median lead time in seconds, for the kinds of change that have one. */
export const LEAD_TIME_TARGETS: Partial<Record<ChangeKind, number>> = {
  code: 24 * HOUR,
  configuration: 4 * HOUR,
};
const TARGET_FAILURE_RATE = 0.05;
const TARGET_RECOVERY_SECONDS = 15 * 60;
const TARGET_RELIABILITY = 0.95;

/** What was counted, of a period, a bucket of it or a group. */
export interface Counts extends Tally {
  leadTime?: Quantiles;
  recovery?: Quantiles;
}

/** What adds up: the tally of a period is the sum of those of its buckets. */
export interface Tally {
  /** Deployments that began to take production traffic. */
  started: number;
  failed: number;
  /** Of the started, those that said why they were made. */
  reasoned: number;
  rework: number;
  /** Of the started, those that went past gates and approvals. */
  emergencies: number;
  /** Of the started, by what became of them. */
  fullTraffic: number;
  hotFixed: number;
  rolledBack: number;
  /** Deployments that took all traffic. */
  delivered: number;
  failures: number;
  incidents: number;
  runs: number;
  /** Of the runs, those that quality refused. */
  refusals: number;
  /** Of the runs, those lost to infrastructure or flaky tests. */
  errors: number;
  /** Changes in production that were made without Slipway. */
  outsideChanges: number;
}

/** What else the measures of a period need. */
export interface MeasureContext {
  /** Length of the period in weeks. */
  weeks: number;
  activeModels: number;
  /** The one kind of change that all the lead times are of, if so. */
  onlyKind?: ChangeKind;
  /** The buckets in order, with what was counted in each. */
  buckets: { from: Date; counts: Counts; beforeFirst: boolean }[];
}

type Bare = Omit<Measure, 'meetsTarget' | 'trend'>;

/** The eight measures in their order, from what was counted. */
export function toMeasures(counts: Counts, context: MeasureContext): Measure[] {
  return [
    withCourse(frequency(counts, context), context, bucket =>
      bucket.beforeFirst ? null : bucket.counts.delivered,
    ),
    withCourse(leadTime(counts, context.onlyKind), context, bucket =>
      valueOrNull(bucket.counts.leadTime?.median),
    ),
    withCourse(
      share('change-failure-rate', {
        count: counts.failed,
        sampleSize: counts.started,
        coverage: counts.started > 0 ? 1 : null,
        target: { value: TARGET_FAILURE_RATE, better: 'lower' },
      }),
      context,
      bucket => ratio(bucket.counts.failed, bucket.counts.started),
    ),
    withCourse(recovery(counts), context, bucket =>
      valueOrNull(bucket.counts.recovery?.median),
    ),
    withCourse(
      share('rework-rate', {
        count: counts.rework,
        sampleSize: counts.reasoned,
        coverage: ratio(counts.reasoned, counts.started),
        target: null,
      }),
      context,
      bucket => ratio(bucket.counts.rework, bucket.counts.reasoned),
    ),
    withCourse(
      share('break-glass-rate', {
        count: counts.emergencies,
        sampleSize: counts.started,
        coverage: counts.started > 0 ? 1 : null,
        target: null,
      }),
      context,
      bucket => ratio(bucket.counts.emergencies, bucket.counts.started),
    ),
    withCourse(
      share('pipeline-reliability', {
        count: counts.runs - counts.errors,
        sampleSize: counts.runs,
        coverage: counts.runs > 0 ? 1 : null,
        target: { value: TARGET_RELIABILITY, better: 'higher' },
      }),
      context,
      bucket =>
        ratio(bucket.counts.runs - bucket.counts.errors, bucket.counts.runs),
    ),
    withCourse(outsideChanges(counts, context), context, bucket =>
      bucket.beforeFirst && bucket.counts.outsideChanges === 0
        ? null
        : bucket.counts.outsideChanges,
    ),
  ];
}

/** Changes that were made without Slipway. None while something serves is a zero; where nothing serves there is no data. */
function outsideChanges(
  { outsideChanges: count }: Counts,
  { activeModels }: MeasureContext,
): Bare {
  const hasData = count > 0 || activeModels > 0;
  return {
    id: 'outside-changes',
    value: hasData ? count : null,
    unit: 'count',
    p90: null,
    interval: null,
    count,
    sampleSize: count,
    coverage: count > 0 ? 1 : null,
    target: null,
  };
}

/** Promotions that reached full traffic, per week. No deployment of an active model is a zero, not a lack of data. */
function frequency(counts: Counts, context: MeasureContext): Bare {
  const { activeModels, weeks } = context;
  const hasData = counts.delivered > 0 || activeModels > 0;
  return {
    id: 'deployment-frequency',
    value: hasData ? counts.delivered / weeks : null,
    unit: 'per-week',
    p90: null,
    interval: null,
    count: counts.delivered,
    sampleSize: counts.delivered,
    coverage: counts.delivered > 0 ? 1 : null,
    target:
      activeModels > 0
        ? { value: activeModels * TARGET_PER_MODEL_AND_WEEK, better: 'higher' }
        : null,
  };
}

/** From the earliest commit since the version before to full traffic. Only one kind of change alone has a target. */
function leadTime(counts: Counts, onlyKind: ChangeKind | undefined): Bare {
  const target = onlyKind && LEAD_TIME_TARGETS[onlyKind];
  return seconds('lead-time', counts.leadTime, {
    coverage: ratio(counts.leadTime?.count ?? 0, counts.delivered),
    target: target === undefined ? null : { value: target, better: 'lower' },
  });
}

/** From a failure of a deployment being detected to service being restored. */
function recovery(counts: Counts): Bare {
  return seconds('recovery-time', counts.recovery, {
    coverage: ratio(counts.recovery?.count ?? 0, counts.failures),
    target: { value: TARGET_RECOVERY_SECONDS, better: 'lower' },
  });
}

function seconds(
  id: Measure['id'],
  quantiles: Quantiles | undefined,
  rest: Pick<Bare, 'coverage' | 'target'>,
): Bare {
  return {
    id,
    value: valueOrNull(quantiles?.median),
    unit: 'seconds',
    p90: valueOrNull(quantiles?.p90),
    interval: null,
    count: quantiles?.count ?? 0,
    sampleSize: quantiles?.count ?? 0,
    ...rest,
  };
}

function share(
  id: Measure['id'],
  rest: Pick<Bare, 'count' | 'sampleSize' | 'coverage' | 'target'>,
): Bare {
  const { count, sampleSize } = rest;
  const interval =
    sampleSize > 0 ? wilsonInterval({ count, samples: sampleSize }) : null;
  return {
    id,
    value: ratio(count, sampleSize),
    unit: 'share',
    p90: null,
    interval: interval && {
      low: interval.low,
      high: interval.high,
      level: interval.level,
    },
    ...rest,
  };
}

function withCourse(
  measure: Bare,
  context: MeasureContext,
  valueOf: (bucket: MeasureContext['buckets'][number]) => number | null,
): Measure {
  return {
    ...measure,
    meetsTarget: meetsTarget(measure),
    trend: context.buckets.map(bucket => ({
      from: bucket.from.toISOString(),
      value: valueOf(bucket),
    })),
  };
}

/** A frequency may equal its target; the other bounds are to be stayed below or above. */
function meetsTarget({ id, value, target }: Bare): boolean | null {
  if (value === null || target === null) {
    return null;
  }
  if (id === 'deployment-frequency') {
    return value >= target.value;
  }
  return target.better === 'lower'
    ? value < target.value
    : value > target.value;
}

function ratio(count: number, of: number): number | null {
  return of > 0 ? count / of : null;
}

function valueOrNull(value: number | undefined): number | null {
  return value ?? null;
}
