import { createServer, IncomingMessage, Server } from 'node:http';
import { once } from 'node:events';
import { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createModelDeliveryClient } from '@slipway/backstage-plugin-model-delivery-common';
import { Random } from '../portfolio/random';
import { askForChurn, askWith, CALLERS } from './callers';
import { followPortal } from './followPortal';
import { generateLoad } from './generateLoad';
import { assertLoopback, LoadGenerator } from './LoadGenerator';

jest.setTimeout(60_000);

interface Seen {
  headers: IncomingMessage['headers'];
  url: string;
  body: string;
}

let server: Server;
let origin: string;
let seen: Seen[];
let answer: (path: string) => { status: number; body?: object };

beforeEach(async () => {
  seen = [];
  answer = () => ({ status: 200 });
  server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.once('end', () => {
      seen.push({ headers: request.headers, url: request.url!, body });
      const { status, body: reply } = answer(request.url!);
      response.statusCode = status;
      response.setHeader('x-slipway-version', 'v1');
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(reply ?? {}));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Waits for what others do, however long a busy machine takes over it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

it('sends requests at about the rate asked for', async () => {
  // The clock of the generator alone: what a busy machine does meanwhile counts for nothing
  jest.useFakeTimers({
    doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'Date'],
  });
  try {
    const generator = new LoadGenerator({
      endpoint: `${origin}/default/churn-retail/production`,
      rate: 100,
      caller: askForChurn,
      random: new Random('traffic test'),
    });
    for (let i = 0; i < 300; i++) {
      jest.advanceTimersByTime(5);
      while (seen.length < generator.summary.sent) {
        await new Promise(resolve => setImmediate(resolve));
      }
    }
    const { sent, skipped } = await generator.stop();
    expect(sent).toBeGreaterThan(120);
    expect(sent).toBeLessThan(180);
    expect(skipped).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});

it('sends labelled requests with keys, and says what became of them', async () => {
  let turn = 0;
  answer = () => ({ status: (turn++ % 2) * 300 + 200 });
  const begin = performance.now();
  const summary = await generateLoad({
    endpoint: `${origin}/default/churn-retail/production`,
    rate: 100,
    seconds: 1.5,
    caller: askForChurn,
    random: new Random('traffic test'),
  });
  expect(performance.now() - begin).toBeGreaterThan(1_400);
  expect(summary.sent).toBeGreaterThan(1);
  expect(summary.sent).toBe(seen.length);
  expect(summary).toMatchObject({
    unanswered: 0,
    versions: { v1: summary.sent },
  });
  expect(Object.keys(summary.statuses)).toEqual(['200', '500']);
  expect(seen[0]).toMatchObject({
    url: '/default/churn-retail/production',
    headers: {
      'user-agent': 'slipway-demo-traffic',
      'x-slipway-traffic': 'synthetic',
      'x-slipway-key': expect.stringMatching(/^customer-\d+$/),
    },
  });
});

it('counts a server that is gone as unanswered', async () => {
  server.closeAllConnections();
  server.close();
  const summary = await generateLoad({
    endpoint: origin,
    rate: 50,
    seconds: 0.3,
    caller: askWith(['{}'], 10),
  });
  expect(summary.sent).toBeGreaterThan(0);
  expect(summary.unanswered).toBe(summary.sent);
});

it.each([
  'http://example.com/x',
  'https://127.0.0.1/x',
  'http://127.0.0.1.example.com/',
  'http://10.0.0.1/',
])('refuses to send anything to %s', endpoint => {
  expect(() => assertLoopback(endpoint)).toThrow("machine's loopback only");
});

it('gives a customer the same profile every time, and leaves out what a caller does not have', () => {
  const random = new Random('callers');
  const withApp = new Map<string, boolean>();
  for (let i = 0; i < 4000; i++) {
    const { key, body } = CALLERS['churn-retail'](random);
    const [row] = JSON.parse(body).dataframe_records;
    const uses = 'app_sessions_30d' in row;
    expect(withApp.get(key) ?? uses).toBe(uses);
    withApp.set(key, uses);
  }
  const share = [...withApp.values()].filter(Boolean).length / withApp.size;
  expect(share).toBeGreaterThan(0.6);
  expect(share).toBeLessThan(0.72);
});

it('follows the portal: starts where models serve, stops where they do not, survives its absence', async () => {
  let endpoint: string | null = null;
  let down = true;
  answer = path => {
    if (!path.startsWith('/api/')) return { status: 200 };
    if (down) return { status: 503 };
    return {
      status: 200,
      body: {
        environments: [{ name: 'production', tier: 'production', endpoint }],
      },
    };
  };
  const lines: string[] = [];
  const ending = new AbortController();
  const following = followPortal({
    client: createModelDeliveryClient({
      baseUrl: `${origin}/api/model-delivery`,
      fetch,
    }),
    callers: { 'churn-retail': askForChurn },
    rate: 100,
    pauseMilliseconds: 50,
    random: new Random('follow'),
    log: line => lines.push(line),
    signal: ending.signal,
  });
  const predictions = () => seen.filter(({ url }) => url === '/predict').length;
  const asked = () => seen.filter(({ url }) => url !== '/predict').length;
  await until(() => asked() > 3);
  expect(lines).toEqual([
    expect.stringContaining('The portal did not say where models serve'),
  ]);
  down = false;
  const before = asked();
  await until(() => asked() > before + 2);
  expect(predictions()).toBe(0);
  endpoint = `${origin}/predict`;
  await until(() => predictions() > 10);
  endpoint = null;
  await until(() => lines.length > 2);
  const then = predictions();
  await delay(200);
  expect(predictions()).toBe(then);
  ending.abort();
  await following;
  expect(lines.slice(1)).toEqual([
    `About 100 requests per second to ${origin}/predict`,
    `No requests to ${origin}/predict any longer`,
  ]);
});
