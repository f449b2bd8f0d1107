import { Harness, send, target, versionOf } from './__testUtils__/harness';

let harness: Harness;

jest.setTimeout(60_000);

beforeAll(async () => {
  harness = await Harness.start({
    limits: { maxBodyBytes: 1000, answerTimeoutSeconds: 0.5 },
  });
  await harness.prepare(versionOf('1'));
  await harness.prepare(versionOf('2'));
});
afterAll(() => harness.end());

const keys = Array.from({ length: 300 }, (_, i) => `customer-${i}`);

/** Which version answers each key, twenty at a time. */
async function whoAnswers(): Promise<Map<string, string | undefined>> {
  const answers = new Map<string, string | undefined>();
  const waiting = [...keys];
  const askOn = async () => {
    for (let key = waiting.pop(); key; key = waiting.pop()) {
      answers.set(key, (await harness.ask({ key })).version);
    }
  };
  await Promise.all(Array.from({ length: 20 }, askOn));
  return answers;
}

it('moves keys in one direction only, in proportion to the shares, and answers with the version', async () => {
  await harness.setTraffic({ '1': 100 });
  expect(new Set((await whoAnswers()).values())).toEqual(new Set(['1']));

  let before: string[] = [];
  for (const share of [5, 25, 50, 100]) {
    await harness.setTraffic({ '1': 100 - share, '2': share });
    const answers = await whoAnswers();
    const moved = keys.filter(key => answers.get(key) === '2');
    expect(moved.length / keys.length).toBeGreaterThan((share - 7) / 100);
    expect(moved.length / keys.length).toBeLessThan((share + 7) / 100);
    expect(moved).toEqual(expect.arrayContaining(before));
    before = moved;
  }

  await harness.setTraffic({ '1': 75, '2': 25 });
  const back = await whoAnswers();
  const quarter = keys.filter(key => back.get(key) === '2');
  await harness.setTraffic({ '1': 95, '2': 5 });
  const twentieth = await whoAnswers();
  expect(
    keys
      .filter(key => twentieth.get(key) === '2')
      .every(key => quarter.includes(key)),
  ).toBe(true);
});

it('divides requests without a key by chance', async () => {
  await harness.setTraffic({ '1': 50, '2': 50 });
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => harness.ask()),
  );
  const second = answers.filter(answer => answer.version === '2').length;
  expect(second).toBeGreaterThan(65);
  expect(second).toBeLessThan(135);
});

it('passes on method, path, query and body, but nothing that is about the connection', async () => {
  await harness.setTraffic({ '1': 100 });
  const answer = await harness.ask({
    path: '/v2/models/churn?verbose=1',
    method: 'PUT',
    body: '{"inputs":[1,2]}',
    headers: {
      connection: 'close, x-secret-hop',
      'x-secret-hop': 'yes',
      te: 'trailers',
      'proxy-authorization': 'Basic Zm9v',
      'x-request-id': 'r-1',
    },
  });
  expect(answer.status).toBe(200);
  expect(answer.version).toBe('1');
  const seen = answer.json();
  expect(seen).toMatchObject({
    method: 'PUT',
    url: '/v2/models/churn?verbose=1',
    body: '{"inputs":[1,2]}',
    headers: { 'x-request-id': 'r-1', 'x-forwarded-for': expect.any(String) },
  });
  expect(Object.keys(seen.headers)).not.toEqual(
    expect.arrayContaining(['x-secret-hop']),
  );
  expect(seen.headers).not.toHaveProperty('te');
  expect(seen.headers).not.toHaveProperty('proxy-authorization');
});

it('asks for predictions at the endpoint itself', async () => {
  expect((await harness.ask()).json().url).toBe('/invocations');
});

it('shows a server nothing of the environment of the backend but what it needs', async () => {
  process.env.DATABASE_PASSWORD_OF_TEST = 'secret';
  await harness.prepare(versionOf('3'));
  await harness.setTraffic({ '3': 100 });
  const { env } = (await harness.ask()).json();
  expect(env).not.toHaveProperty('DATABASE_PASSWORD_OF_TEST');
  expect(env).toMatchObject({ MODEL: 'test:good/3', PATH: process.env.PATH });
  await harness.setTraffic({ '1': 100 });
  await harness.release('3');
});

it.each([
  ['/default/churn', 404],
  ['/default/other/production', 404],
  ['/default/churn/production/../../x', 404],
  ['/default/churn/production/%2e%2e/secret', 404],
  ['/default/churn/production/a%2f..%2fb', 404],
])('refuses the path %s', async (path, status) => {
  const { port } = new URL(await harness.endpoint());
  const answer = await new Promise<number>((resolve, reject) => {
    // URL would resolve the dots before they are sent
    const { request } =
      jest.requireActual<typeof import('node:http')>('node:http');
    request(
      { host: '127.0.0.1', port, path, method: 'POST', agent: false },
      response => {
        response.resume();
        resolve(response.statusCode!);
      },
    )
      .once('error', reject)
      .end();
  });
  expect(answer).toBe(status);
});

it('refuses a request for a name that is not of this machine', async () => {
  const answer = await harness.ask({ headers: { host: 'evil.example.com' } });
  expect(answer.status).toBe(421);
});

it('refuses a body beyond the limit, announced or not, and goes on working', async () => {
  const body = 'x'.repeat(1001);
  const announced = await harness.ask({
    body,
    headers: { 'content-length': '1001' },
  });
  expect(announced.status).toBe(413);
  expect(announced.json()).toEqual({
    error: {
      name: 'PayloadTooLargeError',
      message: 'The body is larger than 1000 bytes',
    },
  });
  const chunked = await harness.ask({
    body,
    headers: { 'transfer-encoding': 'chunked' },
  });
  expect(chunked.status).toBe(413);
  expect((await harness.ask({ body: 'x'.repeat(1000) })).status).toBe(200);
});

it('measures requests, errors and latencies of each version, and of predictions only', async () => {
  await harness.prepare(versionOf('slow', 'slow'));
  await harness.prepare(versionOf('bad', 'failing'));
  await harness.setTraffic({ slow: 100 });
  await Promise.all(Array.from({ length: 10 }, () => harness.ask()));
  await harness.ask({ path: '/somewhere/else' });
  await harness.setTraffic({ bad: 100 });
  const answers = await Promise.all(
    Array.from({ length: 7 }, () => harness.ask({ path: '/invocations' })),
  );
  expect(answers.every(answer => answer.status === 500)).toBe(true);

  const slow = await harness.measured('slow');
  expect(slow).toMatchObject({ requests: 10, errors: 0 });
  expect(slow.latencies).toHaveLength(10);
  expect(Math.min(...slow.latencies)).toBeGreaterThan(50);
  expect(Math.min(...slow.latencies)).toBeLessThan(400);
  expect(await harness.measured('bad')).toMatchObject({
    requests: 7,
    errors: 7,
    latencies: Array(7).fill(expect.any(Number)),
  });

  await harness.setTraffic({ '1': 100 });
  await harness.release('slow');
  await harness.release('bad');
});

it('counts a server that does not answer as failing, whoever loses patience first', async () => {
  await harness.prepare(versionOf('mute', 'hanging'));
  await harness.setTraffic({ mute: 100 });
  const late = await harness.ask();
  expect(late.status).toBe(504);
  expect(late.json().error.message).toBe(
    'The model server did not answer within 0.5 s',
  );
  await expect(
    harness.ask({ signal: AbortSignal.timeout(100) }),
  ).rejects.toThrow('abort');
  await expect(harness.ask({ path: '/half' })).rejects.toThrow('aborted');
  await new Promise(resolve => setTimeout(resolve, 100));
  expect(await harness.measured('mute')).toEqual({
    requests: 2,
    errors: 2,
    latencies: [],
  });
  await harness.setTraffic({ '1': 100 });
  await harness.release('mute');
});

it('answers 503 where nothing has traffic', async () => {
  const url = await harness.endpoint();
  await harness.setTraffic({});
  const answer = await send(url);
  expect(answer.status).toBe(503);
  expect(answer.json().error.message).toBe(
    'No version of model:default/churn has traffic in production',
  );
  expect((await harness.deployer.observe(target)).endpoint).toBeUndefined();
  await harness.setTraffic({ '1': 100 });
});
