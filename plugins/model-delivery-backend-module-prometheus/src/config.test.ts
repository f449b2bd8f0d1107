import { ConfigReader } from '@backstage/config';
import { readPrometheusConnections } from './config';

const requests = 'http_requests_total{${matchers}}';
const read = (connection: object) =>
  readPrometheusConnections(
    new ConfigReader({ modelDelivery: { prometheus: { main: connection } } }),
  );

it('reads none where none is configured', () => {
  expect(readPrometheusConnections(new ConfigReader({}))).toEqual([]);
});

it('reads a connection, with what is usual for the rest', () => {
  const [connection] = read({
    baseUrl: 'https://prometheus.example.com/sub/',
    username: 'slipway',
    password: 'secret',
    models: ['Model:default/Churn'],
    queries: { requests },
  });
  expect(connection).toMatchObject({
    id: 'main',
    baseUrl: 'https://prometheus.example.com/sub',
    headers: {
      authorization: `Basic ${Buffer.from('slipway:secret').toString(
        'base64',
      )}`,
    },
    models: ['model:default/churn'],
    timeoutMs: 15_000,
    latencyUnitMs: 1000,
    errorLabel: 'status',
    trustInterpolation: false,
  });
  expect(connection.errorPattern.test('503')).toBe(true);
  expect(connection.errorPattern.test('x503')).toBe(false);
});

const baseUrl = 'https://prometheus.example.com';
it.each([
  [{ baseUrl: 'prometheus:9090', queries: { requests } }, 'main.baseUrl is'],
  [
    { baseUrl: 'https://me:pw@example.com', queries: { requests } },
    'main.baseUrl must not contain credentials',
  ],
  [
    { baseUrl, token: 't', username: 'u', queries: { requests } },
    'main: use either token',
  ],
  [{ baseUrl, username: 'u', queries: { requests } }, 'one is missing'],
  [
    { baseUrl, queries: { requests: 'http_requests_total' } },
    'main.queries.requests does not tell the versions apart',
  ],
  [
    { baseUrl, queries: { requests: 'a{${matchers},x="${tenant}"}' } },
    'main.queries.requests has the unknown placeholder "tenant"',
  ],
  [
    {
      baseUrl,
      queries: { requests: 'sum(increase(a{${matchers}}[${range}]))' },
    },
    'main.queries.errors is missing',
  ],
  [
    { baseUrl, labels: { app: '${name}' }, queries: { requests } },
    'main.labels does not tell the versions apart',
  ],
  [
    { baseUrl, labels: { 'a-b': '${version}' }, queries: { requests } },
    'main.labels.a-b',
  ],
  [{ baseUrl, errorPattern: '(', queries: { requests } }, 'main.errorPattern'],
  [{ baseUrl, latencyUnit: 'hours', queries: { requests } }, 'latencyUnit'],
])('refuses a mistake by its key: %j', (connection, message) => {
  expect(() => read(connection)).toThrow(message);
});
