import { ConfigReader } from '@backstage/config';
import { FakePrometheus } from './__testUtils__/FakePrometheus';
import { readPrometheusConnections } from './config';
import { PrometheusMetricsSource } from './PrometheusMetricsSource';

const from = new Date('2026-11-20T10:00:00Z');
const to = new Date('2026-11-20T10:10:00Z');
const start = from.getTime() / 1000;
const target = { model: 'model:default/churn', environment: 'production' };
const subject = { target, version: 'v2', from, to };

let server: FakePrometheus;
beforeEach(async () => {
  server = await FakePrometheus.start();
});
afterEach(() => server.stop());

function sourceWith(more: object = {}): PrometheusMetricsSource {
  const [connection] = readPrometheusConnections(
    new ConfigReader({
      modelDelivery: {
        prometheus: {
          main: {
            baseUrl: server.url,
            timeout: { milliseconds: 500 },
            queries: {
              requests: 'requests_total{${matchers}}',
              latencies: 'latency_bucket{${matchers}}',
            },
            ...more,
          },
        },
      },
    }),
  );
  return new PrometheusMetricsSource(connection);
}

/** A counter that stood at the first value before the interval and at the second within. */
const counter = (metric: object, before: number, after: number) => ({
  metric,
  values: [
    [start - 10, String(before)],
    [start + 300, String(after)],
  ],
});

it('counts requests, errors and latencies of one version, over all of its servers', async () => {
  server.answerWith({
    requests_total: [
      counter({ status: '200', pod: 'a' }, 100, 160),
      counter({ status: '200', pod: 'b' }, 10, 40),
      counter({ status: '503', pod: 'b' }, 1, 11),
      counter({ status: '404', pod: 'b' }, 0, 0),
    ],
    latency_bucket: [
      counter({ le: '0.05', pod: 'a' }, 0, 60),
      counter({ le: '+Inf', pod: 'a' }, 0, 60),
      counter({ le: '0.05', pod: 'b' }, 7, 27),
      counter({ le: '0.1', pod: 'b' }, 7, 47),
      counter({ le: '+Inf', pod: 'b' }, 7, 47),
    ].filter(({ metric }) => !('pod' in metric && metric.pod === 'a')),
  });
  const signals = await sourceWith().read(subject);
  expect(signals).toMatchObject({
    requests: 100,
    errors: 10,
    latencyResolution: 50,
  });
  expect(signals.latencies).toHaveLength(40);
  expect(server.queryWith('requests_total')).toMatchObject({
    path: '/api/v1/query',
    form: {
      query:
        'requests_total{model="churn",environment="production",version="v2"}[900000ms]',
      time: '1795169400.000',
    },
  });
});

const SCORED = {
  queries: {
    requests: 'requests_total{${matchers}}',
    scores: 'score_bucket{${matchers}}',
  },
};
const requestsOf = (count: number) => [counter({ status: '200' }, 0, count)];

it('counts scores by a classic histogram, over all servers', async () => {
  server.answerWith({
    requests_total: requestsOf(90),
    score_bucket: [
      counter({ le: '0.0', pod: 'a' }, 0, 0),
      counter({ le: '0.5', pod: 'a' }, 10, 40),
      counter({ le: '1', pod: 'a' }, 10, 50),
      counter({ le: '+Inf', pod: 'a' }, 10, 50),
      counter({ le: '0', pod: 'b' }, 0, 1),
      counter({ le: '0.5', pod: 'b' }, 0, 20),
      counter({ le: '1', pod: 'b' }, 0, 47),
      counter({ le: '+Inf', pod: 'b' }, 0, 49),
    ],
  });
  const source = sourceWith(SCORED);
  expect(await source.read(subject)).toMatchObject({
    requests: 90,
    scoreBins: { bounds: [0, 0.5, 1], counts: [1, 49, 37, 2] },
    scored: 89,
  });
  expect(await source.gives()).toEqual({
    kinds: ['errors', 'scores'],
    remedies: expect.objectContaining({
      latencies: 'set modelDelivery.prometheus.main.queries.latencies',
    }),
  });
  expect((await sourceWith().gives()).kinds).toEqual(['errors', 'latencies']);
});

const nativeOf = (count: number, buckets: [number, number, number][]) => ({
  count: String(count),
  sum: '1',
  ...(buckets.length > 0 && {
    buckets: buckets.map(each => [0, ...each.map(String)]),
  }),
});

it('counts scores by native histograms, through a restart and buckets that get wider', async () => {
  server.answerWith({
    requests_total: requestsOf(90),
    score_bucket: [
      {
        metric: { pod: 'a' },
        histograms: [
          [start - 10, nativeOf(5, [[0.5, 0.7, 5]])],
          [
            start + 60,
            nativeOf(15, [
              [0.5, 0.7, 8],
              [0.7, 1, 7],
            ]),
          ],
          // From now on in buckets of twice the width
          [start + 120, nativeOf(19, [[0.5, 1, 19]])],
          // Restarted
          [start + 180, nativeOf(3, [[0.125, 0.25, 3]])],
        ],
      },
      {
        metric: { pod: 'b' },
        histograms: [[start + 60, nativeOf(2, [[1, 2, 2]])]],
      },
      { metric: { pod: 'c' }, histograms: [[start - 20, nativeOf(0, [])]] },
    ],
  });
  expect(await sourceWith(SCORED).read(subject)).toMatchObject({
    scoreBins: {
      bounds: [0.125, 0.25, 0.5, 1, 2],
      counts: [0, 3, 0, 14, 2, 0],
    },
    scored: 19,
  });
});

it('takes the histogram of a query that counts by itself, and of hours', async () => {
  server.answerWith(
    {
      requests_total: [
        { metric: { status: '200' }, value: [start + 300, '9'] },
      ],
      score: [
        {
          metric: {},
          histogram: [
            start,
            nativeOf(8, [
              [0, 0.5, 3.4],
              [0.5, 1, 4.4],
            ]),
          ],
        },
      ],
    },
    'vector',
  );
  const scoreBins = { bounds: [0, 0.5, 1], counts: [0, 3, 5, 0] };
  const own = {
    queries: {
      ...SCORED.queries,
      scores: 'sum(increase(score{${matchers}}[${range}]))',
    },
  };
  expect(await sourceWith(own).read(subject)).toMatchObject({ scoreBins });
  const long = { ...subject, to: new Date(from.getTime() + 4 * 3_600_000) };
  expect(await sourceWith(SCORED).read(long)).toMatchObject({ scoreBins });
  expect(server.queryWith('score_bucket').form.query).toMatch(
    /sum by \(le\) \(increase/,
  );
});

it('knows no scores where there is no histogram of them, and refuses what is none', async () => {
  server.answerWith({ requests_total: requestsOf(90) });
  const signals = await sourceWith(SCORED).read(subject);
  expect(signals.requests).toBe(90);
  expect(signals).not.toHaveProperty('scoreBins');
  server.answerWith({
    requests_total: requestsOf(90),
    score_bucket: [counter({ le: '1' }, 0, 40)],
  });
  await expect(sourceWith(SCORED).read(subject)).rejects.toThrow(
    'The scores have no bucket with le="+Inf"',
  );
  server.answerWith({
    requests_total: requestsOf(90),
    score_bucket: [counter({}, 0, 40)],
  });
  await expect(sourceWith(SCORED).read(subject)).rejects.toThrow(
    'A series of scores has the label le=""',
  );
});

it('keeps a value from ending its string', async () => {
  await sourceWith({
    labels: { model: '${ref}', version: '${version}' },
    queries: { requests: 'requests_total{${matchers},x="${version}"}' },
  }).read({ ...subject, version: 'v"} or up{x="\\\n' });
  expect(server.queryWith('requests_total').form.query).toBe(
    'requests_total{model="model:default/churn",version="v\\"} or up{x=\\"\\\\\\n",x="v\\"} or up{x=\\"\\\\\\n"}[900000ms]',
  );
});

it('has no signal where there is no data, and does not take it for no errors', async () => {
  const nothing = { requests: 0, errors: 0, latencies: [] };
  expect(await sourceWith().read(subject)).toEqual(nothing);

  const own = sourceWith({
    queries: {
      requests: 'requests_total{${matchers}}',
      errors: 'sum(increase(failures_total{${matchers}}[${range}]))',
    },
  });
  server.answerWith({ requests_total: [counter({}, 0, 50)] });
  expect(await own.read(subject)).toEqual(nothing);
  expect(await own.readSeries({ ...subject, bucketSeconds: 60 })).toEqual([]);

  server.answer = ({ form }, response) =>
    response.end(
      JSON.stringify({
        status: 'success',
        data: form.query.includes('failures')
          ? {
              resultType: 'vector',
              result: [{ metric: {}, value: [start, 'NaN'] }],
            }
          : { resultType: 'matrix', result: [counter({}, 0, 50)] },
      }),
    );
  expect(await own.read(subject)).toEqual(nothing);
});

it('takes the value of a query that counts by itself, and says so little as it knows', async () => {
  server.answerWith(
    {
      requests_total: [{ metric: {}, value: [start, '50.7'] }],
      failures_total: [{ metric: {}, value: [start, '2.2'] }],
    },
    'vector',
  );
  const signals = await sourceWith({
    queries: {
      requests: 'sum(increase(requests_total{${matchers}}[${range}]))',
      errors: 'sum(increase(failures_total{${matchers}}[${range}]))',
    },
  }).read(subject);
  expect(signals).toMatchObject({ requests: 50, errors: 3, latencies: [] });
  expect(server.asked.map(({ form }) => form.query)).toContain(
    'sum(increase(requests_total{model="churn",environment="production",version="v2"}[600000ms]))',
  );
});

it('counts an interval of hours on the server', async () => {
  server.answerWith(
    { requests_total: [{ metric: { status: '500' }, value: [start, '7000'] }] },
    'vector',
  );
  const signals = await sourceWith().read({
    ...subject,
    to: new Date(from.getTime() + 48 * 3_600_000),
  });
  expect(signals).toMatchObject({ requests: 7000, errors: 7000 });
  expect(server.queryWith('requests_total').form.query).toMatch(
    /^sum by \(status\) \(increase\(requests_total\{.*\}\[172800000ms\]\)\)$/,
  );
});

it('refuses to judge by requests that do not tell how they ended', async () => {
  server.answerWith({ requests_total: [counter({ code: '200' }, 0, 50)] });
  await expect(sourceWith().read(subject)).rejects.toThrow(
    'The requests that main counts have no label "status", so that nobody knows which failed; see modelDelivery.prometheus.main.errorLabel and queries.errors',
  );
});

it('draws the course in buckets, and leaves out those without requests', async () => {
  const at = (minute: number) => start + 60 * minute;
  server.answerWith({
    requests_total: [
      {
        metric: { status: '200' },
        values: [
          [at(1), '30'],
          [at(2), '0'],
        ],
      },
      {
        metric: { status: '500' },
        values: [
          [at(1), '10'],
          [at(2), '0'],
        ],
      },
    ],
    latency_bucket: [
      { metric: { le: '0.1' }, values: [[at(1), '40']] },
      { metric: { le: '+Inf' }, values: [[at(1), '40']] },
    ],
  });
  expect(
    await sourceWith().readSeries({ ...subject, bucketSeconds: 60 }),
  ).toEqual([{ at: from, requests: 40, errors: 10, p50: 50, p95: 95 }]);
  expect(server.queryWith('requests_total')).toMatchObject({
    path: '/api/v1/query_range',
    form: { start: '1795168860.000', end: '1795169400.000', step: '60' },
  });
});

it('says who is watched by configuration', async () => {
  const source = sourceWith({
    environments: ['production'],
    models: ['model:default/Churn'],
  });
  expect(source.id).toBe('prometheus:main');
  expect(await source.watches(target)).toBe(true);
  expect(await source.watches({ ...target, environment: 'staging' })).toBe(
    false,
  );
  expect(await source.watches({ ...target, model: 'model:default/x' })).toBe(
    false,
  );
});

describe('names its trouble', () => {
  const answers = (status: number, body: string, headers = {}) => {
    server.answer = (_, response) => {
      response.writeHead(status, headers);
      response.end(body);
    };
  };
  /** What becomes of a read. */
  const trouble = () =>
    sourceWith({ token: 'geheim' })
      .read(subject)
      .catch(error => error);
  const named = (name: string, message: string) =>
    expect.objectContaining({
      trouble: name,
      message: expect.stringContaining(message.replace('URL', server.url)),
    });

  it('when the query is wrong', async () => {
    answers(
      400,
      JSON.stringify({
        status: 'error',
        errorType: 'bad_data',
        error: 'parse error: unexpected "}"',
      }),
    );
    expect(await trouble()).toEqual(
      named('rejected', 'bad_data: parse error: unexpected "}"'),
    );
    expect(server.asked[0].headers.authorization).toBe('Bearer geheim');
  });

  it('when the credentials are refused', async () => {
    answers(401, 'no');
    expect(await trouble()).toEqual(
      named('refused', 'refused the credentials with status 401'),
    );
  });

  it('when it is too late', async () => {
    server.answer = () => {};
    expect(await trouble()).toEqual(
      named('unreachable', 'did not answer within 0.5 s'),
    );
  });

  it('when it cannot be reached', async () => {
    const expected = named(
      'unreachable',
      'Prometheus at URL cannot be reached',
    );
    const source = sourceWith();
    server.stop();
    await expect(source.read(subject)).rejects.toEqual(expected);
  });

  it('when it is something else, or sends elsewhere', async () => {
    answers(200, '<html>hello</html>');
    expect(await trouble()).toEqual(
      named('nonsense', 'which is no answer of its API'),
    );
    answers(307, '', { location: 'http://example.com/' });
    expect(await trouble()).toEqual(
      named('nonsense', 'answered with status 307'),
    );
  });

  it('when it answers without end', async () => {
    server.answer = (_, response) => {
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      const pour = () => {
        while (!response.destroyed && response.write(chunk));
        response.once('drain', pour);
      };
      pour();
    };
    await expect(
      sourceWith({ timeout: { seconds: 20 } }).read(subject),
    ).rejects.toThrow('answered with more than 16 MiB');
  });

  it('when it has native histograms', async () => {
    server.answerWith({ latency_bucket: [{ metric: {}, histograms: [] }] });
    expect(await trouble()).toEqual(
      named('rejected', 'ask for classic buckets'),
    );
  });
});
