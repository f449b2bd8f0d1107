import { once } from 'node:events';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigReader } from '@backstage/config';
import { VersionSignals } from '@slipway/backstage-plugin-model-delivery-node';
import {
  judgeDistribution,
  judgeKolmogorovSmirnovOfBins,
  judgePopulationStabilityOfBins,
  judgeProportion,
  judgeShiftOfBins,
} from '@slipway/canary-analysis';
import { readPrometheusConnections } from '../../plugins/model-delivery-backend-module-prometheus/src/config';
import { PrometheusMetricsSource } from '../../plugins/model-delivery-backend-module-prometheus/src/PrometheusMetricsSource';
import { encodeNative, NATIVE_CONTENT_TYPE } from './nativeHistogram';
import {
  describeWithPrometheus,
  PrometheusServer,
  startPrometheus,
} from './prometheusPeer';

const target = {
  model: 'model:default/churn',
  environment: 'production',
};
const BOUNDS = [10, 20, 30, 40, 50, 60, 80, 100, 200];
/** What a caller could register, and what must not end a string of a query. */
const ODD_VERSION = 'v"3\\{a="b"} or up';

const SCORE_BOUNDS = Array.from({ length: 51 }, (_, i) => i / 50);

/** One model server that measures itself, as client libraries do: a series is there once it was counted. */
class MeasuredServer {
  readonly #counters = new Map<string, number>();
  readonly scores: number[] = [];

  constructor(private readonly version: string) {}

  answer(latency: number, status = 200): void {
    this.#count(`requests_total{${this.#labels},status="${status}"}`, 1);
    for (const bound of [...BOUNDS, Infinity]) {
      const le = bound === Infinity ? '+Inf' : String(bound / 1000);
      this.#count(
        `latency_seconds_bucket{${this.#labels},le="${le}"}`,
        latency <= bound ? 1 : 0,
      );
    }
  }

  /** Counts what was predicted, both ways. */
  score(value: number): void {
    this.scores.push(value);
    for (const bound of [...SCORE_BOUNDS, Infinity]) {
      const le = bound === Infinity ? '+Inf' : String(bound);
      this.#count(
        `score_bucket{${this.#labels},le="${le}"}`,
        value <= bound ? 1 : 0,
      );
    }
  }

  restart(): void {
    this.#counters.clear();
    this.scores.length = 0;
  }

  get native(): Buffer {
    return encodeNative({
      name: 'native_score',
      labels: {
        model: 'churn',
        environment: 'production',
        version: this.version,
      },
      values: this.scores,
    });
  }

  get text(): string {
    return [...this.#counters].map(each => `${each.join(' ')}\n`).join('');
  }

  get #labels(): string {
    const escaped = this.version
      .replaceAll('\\', '\\\\')
      .replaceAll('"', '\\"');
    return `model="churn",environment="production",version="${escaped}"`;
  }

  #count(series: string, by: number): void {
    this.#counters.set(series, (this.#counters.get(series) ?? 0) + by);
  }
}

describeWithPrometheus('a Prometheus server', () => {
  const control = new MeasuredServer('v1');
  const candidate = new MeasuredServer('v2');
  const odd = new MeasuredServer(ODD_VERSION);
  const scraped = { times: 0 };
  const endpoints: Server[] = [];
  let prometheus: PrometheusServer;
  let from: Date;
  let to: Date;

  const sourceWith = (more: object = {}) => {
    const [connection] = readPrometheusConnections(
      new ConfigReader({
        modelDelivery: {
          prometheus: {
            main: {
              baseUrl: prometheus.url,
              scrapeInterval: { seconds: 1 },
              queries: {
                requests: 'requests_total{${matchers}}',
                latencies: 'latency_seconds_bucket{${matchers}}',
              },
              ...more,
            },
          },
        },
      }),
    );
    return new PrometheusMetricsSource(connection);
  };
  const read = (version: string, more?: object): Promise<VersionSignals> =>
    sourceWith(more).read({ target, version, from, to });

  /** Waits until the server has read the endpoint twice from now on. */
  const scrapes = async () => {
    const until = scraped.times + 2;
    while (scraped.times < until) await delay(50);
    await delay(200);
  };

  beforeAll(async () => {
    endpoints.push(
      createServer((_, response) => {
        scraped.times += 1;
        response.setHeader('content-type', 'text/plain; version=0.0.4');
        response.end(control.text + candidate.text + odd.text);
      }),
      createServer((_, response) => {
        response.setHeader('content-type', NATIVE_CONTENT_TYPE);
        response.end(Buffer.concat([control.native, candidate.native]));
      }),
    );
    const addresses = endpoints.map(async endpoint => {
      endpoint.listen(0, '127.0.0.1');
      await once(endpoint, 'listening');
      return `127.0.0.1:${(endpoint.address() as AddressInfo).port}`;
    });
    prometheus = await startPrometheus(await Promise.all(addresses));

    // What was before the step does not belong to it
    for (let i = 0; i < 100; i++) control.answer(95, i % 2 === 0 ? 500 : 200);
    for (let i = 0; i < 100; i++) control.score(0.99);
    await scrapes();
    from = new Date();
    for (let i = 0; i < 400; i++) control.answer(20 + (i % 40));
    // From 0.1 to 0.5, and of the candidate from 0.16 to 0.56
    for (let i = 0; i < 400; i++) control.score(0.1 + (i + 0.5) / 1000);
    for (let i = 0; i < 200; i++) candidate.score(0.16 + (i + 0.5) / 500);
    for (let i = 0; i < 200; i++) {
      candidate.answer(45 + (i % 40), i % 4 === 0 ? 503 : 200);
    }
    for (let i = 0; i < 3; i++) odd.answer(15);
    await scrapes();
    candidate.restart();
    for (let i = 0; i < 100; i++) candidate.answer(45 + (i % 40));
    for (let i = 0; i < 100; i++) candidate.score(0.16 + (i + 0.5) / 250);
    await scrapes();
    to = new Date();
  }, 120_000);

  afterAll(async () => {
    await prometheus?.stop();
    for (const endpoint of endpoints) {
      endpoint.closeAllConnections();
      endpoint.close();
    }
  });

  it('says exactly what each version did in the interval, also through a restart', async () => {
    const [one, two] = [await read('v1'), await read('v2')];
    expect(one).toMatchObject({ requests: 400, errors: 0 });
    expect(two).toMatchObject({ requests: 300, errors: 50 });
    expect([one.latencies.length, two.latencies.length]).toEqual([400, 300]);
    expect(one.latencyResolution).toBe(10);
    expect(two.latencyResolution).toBe(20);
    const mean = (list: number[]) => list.reduce((a, b) => a + b) / list.length;
    expect(mean(one.latencies)).toBeCloseTo(39.5, -1);
    expect(mean(two.latencies)).toBeCloseTo(63, -1);
  });

  it('lets a canary be judged', async () => {
    const [one, two] = [await read('v1'), await read('v2')];
    const errors = judgeProportion({
      control: { count: one.errors, samples: one.requests },
      candidate: { count: two.errors, samples: two.requests },
      margin: 0.02,
      minimumSamples: 100,
    });
    expect(errors.verdict).toBe('fail');
    const latency = judgeDistribution({
      control: one.latencies,
      candidate: two.latencies,
      margin: 10,
      minimumSamples: 100,
    });
    expect(latency.verdict).toBe('fail');
    expect(latency.difference!.estimate).toBeGreaterThan(18);
    expect(latency.difference!.estimate).toBeLessThan(32);
  });

  it.each(['score_bucket{${matchers}}', 'native_score{${matchers}}'])(
    'tells how scores lie, by %s',
    async scores => {
      const queries = { requests: 'requests_total{${matchers}}', scores };
      const [one, two] = [
        await read('v1', { queries }),
        await read('v2', { queries }),
      ];
      expect([one.scored, two.scored]).toEqual([400, 300]);
      const judge = (
        by: typeof judgeShiftOfBins,
        candidate: VersionSignals,
        margin: number,
      ) =>
        by({
          control: one.scoreBins!,
          candidate: candidate.scoreBins!,
          margin,
          minimumSamples: 100,
        });
      // All scores moved by 0.06, where the middle half is 0.2 wide
      const shift = judge(judgeShiftOfBins, two, 0.15);
      expect(shift.difference!.estimate).toBeCloseTo(0.3, 1);
      expect(shift.verdict).toBe('fail');
      const distance = judge(judgeKolmogorovSmirnovOfBins, two, 0.1);
      expect(distance).toMatchObject({
        verdict: 'fail',
        difference: { estimate: expect.closeTo(0.15, 1) },
      });
      expect(judge(judgePopulationStabilityOfBins, two, 0.1).verdict).toBe(
        'fail',
      );
      expect(judge(judgeKolmogorovSmirnovOfBins, one, 0.1).verdict).toBe(
        'pass',
      );
      expect(judge(judgeShiftOfBins, one, 0.25).verdict).toBe('pass');
      // Buckets of 0.02, a tenth of what the middle half spans
      expect(judge(judgeShiftOfBins, one, 0.05)).toMatchObject({
        verdict: 'inconclusive',
        reason: 'too-coarse',
      });
    },
  );

  it('refuses a native histogram where classic buckets are asked for', async () => {
    await expect(
      read('v1', {
        queries: {
          requests: 'requests_total{${matchers}}',
          latencies: 'native_score{${matchers}}',
        },
      }),
    ).rejects.toMatchObject({
      trouble: 'rejected',
      message: expect.stringContaining('ask for classic buckets'),
    });
  });

  it('keeps odd names of versions apart', async () => {
    expect(await read(ODD_VERSION)).toMatchObject({ requests: 3, errors: 0 });
  });

  it('has no signal of a version that it never saw', async () => {
    expect(await read('v4')).toEqual({
      requests: 0,
      errors: 0,
      latencies: [],
    });
  });

  it.each([
    ['requests_total{${matchers}}'],
    ['sum(increase(requests_total{${matchers}}[${range}]))'],
  ])('is silent only of a version that it never saw, by %s', async requests => {
    const errors = requests.replace('${matchers}', '${matchers},status="500"');
    const source = sourceWith({ queries: { requests, errors } });
    const isSilent = (version: string) =>
      source.isSilent({ target, version, now: to });
    expect([await isSilent('v1'), await isSilent('v4')]).toEqual([false, true]);
  });

  it('answers one’s own PromQL', async () => {
    const signals = await read('v2', {
      queries: {
        requests: 'sum(increase(requests_total{${matchers}}[${range}]))',
        errors:
          'sum(increase(requests_total{${matchers},status=~"5.."}[${range}])) or vector(0)',
      },
    });
    // Extrapolated by Prometheus, and blind to the first value of each series
    expect(signals.requests).toBeGreaterThan(90);
    expect(signals.errors).toBeGreaterThanOrEqual(0);
  });

  it('draws the course', async () => {
    const series = await sourceWith().readSeries({
      target,
      version: 'v1',
      from,
      to,
      bucketSeconds: 1,
    });
    const requests = series.reduce((sum, bucket) => sum + bucket.requests, 0);
    expect(requests).toBeGreaterThan(200);
    expect(requests).toBeLessThan(800);
    expect(series.every(({ p50 }) => p50! > 20 && p50! < 60)).toBe(true);
  });

  it('names a query that it does not understand', async () => {
    await expect(
      read('v1', { queries: { requests: 'requests_total{${matchers}}}' } }),
    ).rejects.toMatchObject({
      trouble: 'rejected',
      message: expect.stringContaining('bad_data: '),
    });
  });
});
