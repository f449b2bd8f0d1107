import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Random } from '../portfolio/random';
import { SERVED_MODELS } from '../portfolio/servedModels';
import { CALLERS } from '../traffic/callers';
import { createScorerServer } from './createScorerServer';
import { loadScorer } from './model';
import { readRows } from './rows';

const artifacts = join(__dirname, '../../../../examples/artifacts');
const load = (model: string, version: string) =>
  loadScorer(readFileSync(join(artifacts, model, `${version}.json`), 'utf8'));

const artifact = {
  format: 'slipway-scorer/1',
  model: 'm',
  version: '1',
  description: '',
  kind: 'logistic',
  intercept: 0.5,
  features: [
    { name: 'a', weight: 2, mean: 10, scale: 5 },
    { name: 'b', weight: -1, mean: 0, scale: 1, default: 0 },
  ],
};
const make = (more: object = {}) =>
  loadScorer(JSON.stringify({ ...artifact, ...more }));

it('computes the logistic function of the standardised features', async () => {
  const [probability] = await make().predict([{ a: 15, b: '0.5' }]);
  expect(probability).toBeCloseTo(1 / (1 + Math.exp(-(0.5 + 2 - 0.5))), 12);
  expect(await make({ kind: 'linear' }).predict([{ a: 10 }, { a: 5 }])).toEqual(
    [0.5, -1.5],
  );
});

it('fails on a feature that it cannot do without, and takes time to look up the others', async () => {
  await expect(make().predict([{ b: 1 }])).rejects.toThrow("KeyError: 'a'");
  await expect(make().predict([{ a: null }])).rejects.toThrow("KeyError: 'a'");
  await expect(make().predict([{ a: 'x' }])).rejects.toThrow(
    'could not convert a to a number',
  );
  const start = performance.now();
  await make({ lookupMilliseconds: 40 }).predict([{ a: 1 }]);
  expect(performance.now() - start).toBeGreaterThan(35);
});

it.each([
  [{ format: 'x' }, 'format must be "slipway-scorer/1"'],
  [{ kind: 'tree' }, 'kind must be "logistic" or "linear"'],
  [{ intercept: null }, 'intercept must be a number'],
  [{ features: [] }, 'features must be a list that is not empty'],
  [{ features: [{ name: 'a' }] }, 'features[0] must have a name'],
])('does not load a broken artifact %j', (more, message) => {
  expect(() => make(more)).toThrow(message);
});

it('reads rows as MLflow has them', () => {
  const rows = [{ a: 1, b: 2 }];
  expect(readRows('{"dataframe_records":[{"a":1,"b":2}]}')).toEqual(rows);
  expect(readRows('{"instances":[{"a":1,"b":2}]}')).toEqual(rows);
  expect(
    readRows('{"dataframe_split":{"columns":["a","b"],"data":[[1,2]]}}'),
  ).toEqual(rows);
  expect(() => readRows('{"inputs":[1]}')).toThrow('The body needs');
  expect(() => readRows('null')).toThrow('The body needs');
  expect(() => readRows('{')).toThrow('The body is no JSON');
});

it('answers over HTTP: predictions, health, bad requests and failures of the model', async () => {
  const server = createScorerServer(make()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = (path: string, body?: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      body,
    });
  expect((await ask('/ping')).status).toBe(200);
  expect(await (await ask('/version')).json()).toMatchObject({ model: 'm' });
  const good = await ask('/invocations', '{"instances":[{"a":10}]}');
  expect(await good.json()).toEqual({
    predictions: [expect.closeTo(0.622, 3)],
  });
  const bad = await ask('/invocations', '[]');
  expect(bad.status).toBe(400);
  const failing = await ask('/invocations', '{"instances":[{}]}');
  expect(failing.status).toBe(500);
  expect(await failing.json()).toEqual({ error: "KeyError: 'a'" });
  expect((await ask('/nowhere')).status).toBe(404);
  server.closeAllConnections();
  server.close();
});

describe.each([...SERVED_MODELS])('the sample model %s', model => {
  async function outcomes(version: string) {
    const scorer = load(model, version);
    const random = new Random('scorer test');
    const scores: number[] = [];
    let failures = 0;
    for (let i = 0; i < 2000; i++) {
      const { body } = CALLERS[model](random);
      try {
        scores.push(...(await scorer.predict(readRows(body))));
      } catch {
        failures += 1;
      }
    }
    return { scores, failures };
  }

  it('has the artifacts v1 to v4', () => {
    expect(readdirSync(join(artifacts, model))).toEqual([
      'v1.json',
      'v2.json',
      'v3.json',
      'v4.json',
    ]);
    expect(load(model, 'v2').artifact).toMatchObject({ model, version: 'v2' });
  });

  it.each(['v1', 'v2', 'v3'])(
    'scores whatever its callers send with %s',
    async version => {
      const { scores, failures } = await outcomes(version);
      expect(failures).toBe(0);
      const mean =
        scores.reduce((sum, score) => sum + score, 0) / scores.length;
      expect(mean).toBeGreaterThan(0.005);
      expect(mean).toBeLessThan(0.5);
      expect(new Set(scores).size).toBeGreaterThan(1900);
    },
  );

  it('fails with v4 for the callers that lack its new feature', async () => {
    const { failures } = await outcomes('v4');
    expect(failures / 2000).toBeGreaterThan(0.25);
    expect(failures / 2000).toBeLessThan(0.4);
  });
});

it('runs as a program of plain Node, and refuses an artifact with another digest', async () => {
  const run = (...args: string[]) =>
    spawn(process.execPath, [
      '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      join(__dirname, 'main.ts'),
      'scorer:churn-retail/v1',
      '--artifacts',
      artifacts,
      '--port',
      '0',
      ...args,
    ]);
  const server = run();
  const [line] = await once(server.stdout, 'data');
  expect(String(line)).toMatch(/^churn-retail v1 serves at http:/);
  server.kill('SIGTERM');
  expect(await once(server, 'exit')).toEqual([0, null]);

  const refused = run('--digest', 'sha256:00');
  const [problem] = await once(refused.stderr, 'data');
  expect(String(problem)).toContain(
    'it is not the artifact that was registered',
  );
  expect(await once(refused, 'exit')).toEqual([1, null]);
});

it('counts what it answered, as Prometheus reads it', async () => {
  const server = createScorerServer(make()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const row of [{ a: 1 }, { a: 2 }, { b: 1 }]) {
      const answer = await fetch(`${url}/invocations`, {
        method: 'POST',
        body: JSON.stringify({ dataframe_records: [row] }),
      });
      await answer.text();
    }
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('scorer_requests_total{status="200"} 2\n');
    expect(text).toContain('scorer_requests_total{status="500"} 1\n');
    expect(text).toContain(
      'scorer_request_duration_seconds_bucket{le="+Inf"} 3\n',
    );
  } finally {
    server.close();
  }
});
