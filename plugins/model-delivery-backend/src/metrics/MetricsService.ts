import {
  ChangeKind,
  metricsReadPermission,
  MetricsEventPage,
  MetricsGroupPage,
  MetricsReport,
  modelReadPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { PageRequest } from '../database/paging';
import {
  countActiveModels,
  countMetrics,
  firstDeploymentAt,
  leadTimes,
  onlyKinds,
  PeriodCounts,
} from './countMetrics';
import { LEAD_TIME_TARGETS, MeasureContext, toMeasures } from './measures';
import { listMetricsEvents } from './metricsEvents';
import {
  BUCKET_DAYS,
  bucketStarts,
  MetricsFilter,
  MetricsQuery,
  readMetricsFilter,
  weeksOf,
} from './metricsFilter';
import { findGroups, GroupBy, GROUP_COLUMNS } from './metricsGroups';

const CHANGE_KINDS: ChangeKind[] = [
  'code',
  'data',
  'configuration',
  'base-model',
];

/** Answers the delivery metrics from their read models. */
export class MetricsService {
  readonly #context: EngineContext;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /**
   * The metrics of a period, with their weekly course.
   * @throws InputError, NotAllowedError
   */
  async report(
    principal: Principal,
    query: MetricsQuery,
  ): Promise<MetricsReport> {
    const filter = await this.#filter(principal, query);
    const { knex } = this.#context.work;
    const counts = await countMetrics(knex, filter, {});
    const activeModels = (await countActiveModels(knex, filter, {}))();
    const first = await firstDeploymentAt(knex, filter);
    const leadTime = await this.#leadTimes(filter);
    const kinds = leadTime.filter(each => each.sampleSize > 0);
    return {
      from: filter.from.toISOString(),
      to: filter.to.toISOString(),
      bucketDays: BUCKET_DAYS,
      readAt: this.#context.work.now().toISOString(),
      activeModels,
      measures: toMeasures(counts.total(), {
        weeks: weeksOf(filter),
        activeModels,
        onlyKind: kinds.length === 1 ? kinds[0].changeKind : undefined,
        buckets: bucketsOf(filter, first, counts, ''),
      }),
      leadTime,
      outcomes: bucketStarts(filter).map((from, bucket) => {
        const { fullTraffic, hotFixed, rolledBack, incidents } = counts.bucket(
          '',
          bucket,
        );
        return {
          from: from.toISOString(),
          fullTraffic,
          hotFixed,
          rolledBack,
          incidents,
        };
      }),
      runs: bucketStarts(filter).map((from, bucket) => {
        const { runs, refusals, errors } = counts.bucket('', bucket);
        return {
          from: from.toISOString(),
          finished: runs,
          failure: refusals,
          error: errors,
        };
      }),
    };
  }

  /**
   * One page of the same metrics by group, most deployments first.
   * @throws InputError, NotAllowedError
   */
  async groups(
    principal: Principal,
    by: GroupBy,
    query: MetricsQuery,
    page: PageRequest,
  ): Promise<MetricsGroupPage> {
    const filter = await this.#filter(principal, query);
    const { knex } = this.#context.work;
    const found = await findGroups(knex, filter, by, page);
    const keys = {
      group: GROUP_COLUMNS[by],
      groups: found.items.map(group => group.key),
    };
    const counts = await countMetrics(knex, filter, keys);
    const active = await countActiveModels(knex, filter, keys);
    const kinds = await onlyKinds(knex, filter, keys);
    const first = await firstDeploymentAt(knex, filter);
    return {
      totalItems: found.totalItems,
      ...(found.nextCursor && { nextCursor: found.nextCursor }),
      items: found.items.map(({ key, title }) => ({
        key,
        title,
        activeModels: active(key),
        measures: toMeasures(counts.total(key), {
          weeks: weeksOf(filter),
          activeModels: active(key),
          onlyKind: kinds.get(key),
          buckets: bucketsOf(filter, first, counts, key),
        }),
      })),
    };
  }

  /**
   * One page of the very events behind one number, newest first.
   * @throws InputError, NotAllowedError
   */
  async events(
    principal: Principal,
    measure: Parameters<typeof listMetricsEvents>[2],
    query: MetricsQuery,
    page: PageRequest,
  ): Promise<MetricsEventPage> {
    const filter = await this.#filter(principal, query);
    return listMetricsEvents(this.#context.work.knex, filter, measure, page);
  }

  async #filter(
    principal: Principal,
    query: MetricsQuery,
  ): Promise<MetricsFilter> {
    const { authorizer } = this.#context;
    await authorizer.require(principal, metricsReadPermission);
    return readMetricsFilter(
      query,
      await authorizer.modelFilter(principal, modelReadPermission),
    );
  }

  async #leadTimes(filter: MetricsFilter): Promise<MetricsReport['leadTime']> {
    const { knex } = this.#context.work;
    const group = 'change_kind';
    const total = await leadTimes(knex, filter, { group });
    const byBucket = await leadTimes(knex, filter, { group, bucket: true });
    const starts = bucketStarts(filter);
    return CHANGE_KINDS.map(changeKind => {
      const leadTime = total.get(changeKind);
      return {
        changeKind,
        value: leadTime?.median ?? null,
        p90: leadTime?.p90 ?? null,
        sampleSize: leadTime?.count ?? 0,
        targetSeconds: LEAD_TIME_TARGETS[changeKind] ?? null,
        points: starts.map((from, bucket) => {
          const point = byBucket.get(changeKind, bucket);
          return {
            from: from.toISOString(),
            median: point?.median ?? null,
            p90: point?.p90 ?? null,
            sampleSize: point?.count ?? 0,
          };
        }),
      };
    });
  }
}

function bucketsOf(
  filter: MetricsFilter,
  first: Date | null,
  counts: PeriodCounts,
  group: string,
): MeasureContext['buckets'] {
  const starts = bucketStarts(filter);
  return starts.map((from, bucket) => ({
    from,
    counts: counts.bucket(group, bucket),
    beforeFirst: first === null || (starts[bucket + 1] ?? filter.to) <= first,
  }));
}
