import { once } from 'node:events';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigReader } from '@backstage/config';
import { VersionSignals } from '@slipway/backstage-plugin-model-delivery-node';
import { judgeDistribution, judgeProportion } from '@slipway/canary-analysis';
import { readPrometheusConnections } from '../../plugins/model-delivery-backend-module-prometheus/src/config';
import { PrometheusMetricsSource } from '../../plugins/model-delivery-backend-module-prometheus/src/PrometheusMetricsSource';
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

/** One model server that measures itself, as client libraries do: a series is there once it was counted. */
class MeasuredServer {
  readonly #counters = new Map<string, number>();

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

  restart(): void {
    this.#counters.clear();
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
  let endpoint: Server;
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
    endpoint = createServer((_, response) => {
      scraped.times += 1;
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(control.text + candidate.text + odd.text);
    }).listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    const { port } = endpoint.address() as AddressInfo;
    prometheus = await startPrometheus(`127.0.0.1:${port}`);

    // What was before the step does not belong to it
    for (let i = 0; i < 100; i++) control.answer(95, i % 2 === 0 ? 500 : 200);
    await scrapes();
    from = new Date();
    for (let i = 0; i < 400; i++) control.answer(20 + (i % 40));
    for (let i = 0; i < 200; i++) {
      candidate.answer(45 + (i % 40), i % 4 === 0 ? 503 : 200);
    }
    for (let i = 0; i < 3; i++) odd.answer(15);
    await scrapes();
    candidate.restart();
    for (let i = 0; i < 100; i++) candidate.answer(45 + (i % 40));
    await scrapes();
    to = new Date();
  }, 120_000);

  afterAll(async () => {
    await prometheus?.stop();
    endpoint?.closeAllConnections();
    endpoint?.close();
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
