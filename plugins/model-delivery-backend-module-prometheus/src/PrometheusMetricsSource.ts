import {
  DeploymentTarget,
  GivenSignals,
  ScoreBins,
  MetricsSource,
  SignalsBucket,
  VersionSignals,
} from '@slipway/backstage-plugin-model-delivery-node';
import { PrometheusConnection } from './config';
import { growth } from './counters';
import {
  countOf,
  quantileOfBuckets,
  resolutionOf,
  toBuckets,
  toLatencies,
} from './histogram';
import { PrometheusClient, Series } from './PrometheusClient';
import { PrometheusError } from './PrometheusError';
import { mergeNative, nativeGrowth, toScoreBins } from './scoreBins';
import { countsByItself, fillQuery, QuerySubject } from './templates';

/** How far back a counter is looked for before an interval: as far as Prometheus takes a value for the present one. */
const LOOK_BACK_MS = 5 * 60_000;
/** Raw samples of a longer interval are too many to read; there `increase` errs by no more than a scrape in an hour. */
const LONGEST_RAW_MS = 60 * 60_000;
/** `increase` needs two samples; four leave room for a scrape that failed. */
const SCRAPES_PER_POINT = 4;

/** For how long nothing was scraped when a version counts as silent. */
const SILENCE_MS = 15 * 60_000;

const NO_SIGNAL: VersionSignals = { requests: 0, errors: 0, latencies: [] };

type QueryName = keyof PrometheusConnection['queries'];
type Interval = { from: Date; to: Date };
/** A count that comes with the labels by which it was counted. */
interface Counted {
  labels: Record<string, string>;
  count: number;
}

/**
 * Says how versions behave by what a Prometheus server measured.
 *
 * Intervals are exact to one scrape: what happened since the last one is not known yet, and what happened between the last
 * one before the interval and its beginning is counted to it.
 */
export class PrometheusMetricsSource implements MetricsSource {
  readonly id: string;
  readonly #connection: PrometheusConnection;
  readonly #client: PrometheusClient;

  constructor(connection: PrometheusConnection) {
    this.id = `prometheus:${connection.id}`;
    this.#connection = connection;
    this.#client = new PrometheusClient(connection);
  }

  async watches({ model, environment }: DeploymentTarget): Promise<boolean> {
    const { environments, models } = this.#connection;
    return (
      (!environments || environments.includes(environment)) &&
      (!models || models.includes(model.toLocaleLowerCase('en-US')))
    );
  }

  async gives(): Promise<GivenSignals> {
    const { id, queries } = this.#connection;
    return {
      kinds: [
        'errors',
        ...(['latencies', 'scores'] as const).filter(each => queries[each]),
      ],
      remedies: {
        latencies: `set modelDelivery.prometheus.${id}.queries.latencies`,
        scores: `set modelDelivery.prometheus.${id}.queries.scores`,
      },
    };
  }

  async isSilent(options: QuerySubject & { now: Date }): Promise<boolean> {
    const template = this.#connection.queries.requests;
    const filled = this.#fill(template, options, SILENCE_MS);
    const series = await this.#client.query(
      countsByItself(template)
        ? filled
        : `count(count_over_time(${filled}[${SILENCE_MS}ms]))`,
      options.now,
    );
    return series.length === 0;
  }

  async read(options: QuerySubject & Interval): Promise<VersionSignals> {
    if (options.to <= options.from) {
      return NO_SIGNAL;
    }
    const { queries, latencyUnitMs, trustInterpolation } = this.#connection;
    const [requests, failed, latencies, scoreBins] = await Promise.all([
      this.#count('requests', options),
      queries.errors ? this.#count('errors', options) : undefined,
      queries.latencies ? this.#count('latencies', options) : [],
      queries.scores ? this.#countScores(options) : undefined,
    ]);
    const errors = this.#sumErrors(requests, failed);
    const buckets = toBuckets(byBound(latencies), latencyUnitMs);
    if (requests.length === 0 || errors === undefined) {
      // How many failed is not known, and must not be taken for none
      return NO_SIGNAL;
    }
    const total = Math.floor(sum(requests));
    return {
      requests: total,
      errors: Math.min(total, Math.ceil(errors)),
      latencies: toLatencies(buckets),
      ...(!trustInterpolation && { latencyResolution: resolutionOf(buckets) }),
      ...(scoreBins && {
        scoreBins,
        scored: scoreBins.counts.reduce((all, each) => all + each, 0),
      }),
    };
  }

  async readSeries(
    options: QuerySubject & Interval & { bucketSeconds: number },
  ): Promise<SignalsBucket[]> {
    const { from, to, bucketSeconds } = options;
    if (to <= from) {
      return [];
    }
    const { queries, latencyUnitMs } = this.#connection;
    const [requests, failed, latencies] = await Promise.all([
      this.#countEach('requests', options),
      queries.errors ? this.#countEach('errors', options) : undefined,
      queries.latencies ? this.#countEach('latencies', options) : new Map(),
    ]);
    return [...requests]
      .sort(([a], [b]) => a - b)
      .flatMap(([at, counted]) => {
        const errors = this.#sumErrors(
          counted,
          failed && (failed.get(at) ?? []),
        );
        const total = Math.round(sum(counted));
        if (total === 0 || errors === undefined) {
          return [];
        }
        const buckets = toBuckets(
          byBound(latencies.get(at) ?? []),
          latencyUnitMs,
        );
        return [
          {
            at: new Date((at - bucketSeconds) * 1000),
            requests: total,
            errors: Math.min(total, Math.round(errors)),
            ...(countOf(buckets) > 0 && {
              p50: quantileOfBuckets(buckets, 0.5),
              p95: quantileOfBuckets(buckets, 0.95),
            }),
          },
        ];
      });
  }

  /** What a query counts in an interval. */
  async #count(
    name: QueryName,
    options: QuerySubject & Interval,
  ): Promise<Counted[]> {
    const { query, isRaw } = this.#countingQuery(name, options);
    const series = await this.#client.query(query, options.to);
    return isRaw ? grown(series, options) : toCounted(series);
  }

  /** How many scores of an interval lie between bounds, by a classic or a native histogram; undefined without any. */
  async #countScores(
    options: QuerySubject & Interval,
  ): Promise<ScoreBins | undefined> {
    const { from, to } = options;
    const { query, isRaw } = this.#countingQuery('scores', options);
    const series = await this.#client.query(query, to, { native: true });
    const native = series.flatMap(({ histograms = [] }) =>
      histograms.some(([at]) => !isRaw || at > seconds(from))
        ? [
            isRaw
              ? nativeGrowth(histograms, seconds(from), seconds(to))
              : histograms.at(-1)![1].buckets,
          ]
        : [],
    );
    if (native.length > 0) {
      return mergeNative(native);
    }
    const classic = series.filter(each => !each.histograms);
    const counted = isRaw ? grown(classic, options) : toCounted(classic);
    return counted.length > 0 ? toScoreBins(byBound(counted)) : undefined;
  }

  /** What counts in an interval: raw samples of a selector, or a query that counts by itself. */
  #countingQuery(
    name: QueryName,
    options: QuerySubject & Interval,
  ): { query: string; isRaw: boolean } {
    const lengthMs = options.to.getTime() - options.from.getTime();
    const template = this.#connection.queries[name]!;
    const isRaw = !countsByItself(template) && lengthMs <= LONGEST_RAW_MS;
    return {
      isRaw,
      query: isRaw
        ? `${this.#fill(template, options, lengthMs)}[${
            lengthMs + LOOK_BACK_MS
          }ms]`
        : this.#increase(name, options, lengthMs),
    };
  }

  /** What a query counts in each bucket, by the end of the bucket in seconds since the epoch. */
  async #countEach(
    name: QueryName,
    options: QuerySubject & Interval & { bucketSeconds: number },
  ): Promise<Map<number, Counted[]>> {
    const { from, to, bucketSeconds } = options;
    const bucketMs = bucketSeconds * 1000;
    const rangeMs = Math.max(
      bucketMs,
      SCRAPES_PER_POINT * this.#connection.scrapeIntervalMs,
    );
    const series = await this.#client.queryRange(
      this.#increase(name, options, rangeMs),
      new Date(from.getTime() + bucketMs),
      new Date(
        from.getTime() +
          Math.ceil((to.getTime() - from.getTime()) / bucketMs) * bucketMs,
      ),
      bucketSeconds,
    );
    const counted = new Map<number, Counted[]>();
    for (const { labels, values } of series) {
      for (const [at, value] of values.filter(each => isCount(each[1]))) {
        const there = counted.get(at) ?? [];
        there.push({ labels, count: (value * bucketMs) / rangeMs });
        counted.set(at, there);
      }
    }
    return counted;
  }

  /** A query that counts in a range by itself. */
  #increase(name: QueryName, subject: QuerySubject, rangeMs: number): string {
    const { queries, errorLabel } = this.#connection;
    const filled = this.#fill(queries[name]!, subject, rangeMs);
    if (countsByItself(queries[name]!)) {
      return filled;
    }
    const label = {
      requests: errorLabel,
      errors: '',
      latencies: 'le',
      scores: 'le',
    }[name];
    return `sum by (${label}) (increase(${filled}[${rangeMs}ms]))`;
  }

  #fill(template: string, subject: QuerySubject, rangeMs: number): string {
    return fillQuery(template, this.#connection.labels, subject, rangeMs);
  }

  /** How many requests failed; undefined when that is not known. */
  #sumErrors(
    requests: Counted[],
    failed: Counted[] | undefined,
  ): number | undefined {
    if (failed) {
      return failed.length > 0 ? sum(failed) : undefined;
    }
    const { errorLabel, errorPattern, id } = this.#connection;
    if (
      requests.length > 0 &&
      !requests.some(({ labels }) => labels[errorLabel])
    ) {
      throw new PrometheusError(
        'nonsense',
        `The requests that ${id} counts have no label "${errorLabel}", so that nobody knows which failed; see modelDelivery.prometheus.${id}.errorLabel and queries.errors`,
      );
    }
    return sum(
      requests.filter(({ labels }) =>
        errorPattern.test(labels[errorLabel] ?? ''),
      ),
    );
  }
}

/** By how much counters grew in an interval, by their raw samples. */
function grown(series: Series[], { from, to }: Interval): Counted[] {
  return series
    .filter(({ values }) => values.some(([at]) => at > seconds(from)))
    .map(({ labels, values }) => ({
      labels,
      count: growth(values, seconds(from), seconds(to)),
    }));
}

function toCounted(series: Series[]): Counted[] {
  return series
    .filter(({ values }) => values.length > 0)
    .map(({ labels, values }) => ({ labels, count: values.at(-1)![1] }))
    .filter(({ count }) => isCount(count));
}

/** NaN is what PromQL makes of no data. */
function isCount(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function sum(counted: Counted[]): number {
  return counted.reduce((total, { count }) => total + count, 0);
}

function byBound(counted: Counted[]): Map<string, number> {
  const bounds = new Map<string, number>();
  for (const { labels, count } of counted) {
    const le = labels.le ?? '';
    bounds.set(le, (bounds.get(le) ?? 0) + count);
  }
  return bounds;
}

function seconds(date: Date): number {
  return date.getTime() / 1000;
}
