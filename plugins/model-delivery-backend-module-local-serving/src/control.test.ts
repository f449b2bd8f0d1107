import { Harness, target, versionOf } from './__testUtils__/harness';

let harness: Harness;

jest.setTimeout(60_000);

const TOKEN = 'a-token-of-the-operators';

beforeAll(async () => {
  harness = await Harness.start({ control: { token: TOKEN } });
  await harness.prepare(versionOf('1'));
  await harness.prepare(versionOf('2'));
});
beforeEach(() => harness.setTraffic({ '1': 100 }));
afterAll(() => harness.end());

async function control(
  options: {
    method?: string;
    body?: string;
    token?: string;
    path?: string;
  } = {},
): Promise<{ status: number; body: any }> {
  const { origin } = new URL(await harness.endpoint());
  const {
    method = 'GET',
    body,
    token = TOKEN,
    path = '/default/churn/production',
  } = options;
  const response = await fetch(`${origin}/-/traffic${path}`, {
    method,
    body,
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: await response.json() };
}

const dividedAs = (...shares: [string, number][]) =>
  JSON.stringify({
    shares: shares.map(([version, share]) => ({ version, share })),
  });

it('moves traffic past Slipway, which then finds it so', async () => {
  const before = await control();
  expect(before.status).toBe(200);
  expect(before.body.shares).toEqual([{ version: '1', share: 100 }]);
  const { status, body } = await control({
    method: 'PUT',
    body: dividedAs(['1', 0], ['2', 100]),
  });
  expect(status).toBe(200);
  expect(body.shares).toEqual([{ version: '2', share: 100 }]);
  expect((await harness.ask()).version).toBe('2');
  expect((await harness.deployer.observe(target)).shares).toEqual([
    { version: '2', share: 100 },
  ]);
});

it.each([
  ['another token', { token: 'guessed' }, 401],
  ['no token', { token: '' }, 401],
  [
    'an unknown target',
    {
      method: 'PUT',
      path: '/default/churn/staging',
      body: dividedAs(['1', 100]),
    },
    404,
  ],
  ['a path below it', { path: '/default/churn/production/ping' }, 404],
  ['another method', { method: 'DELETE' }, 400],
  ['no JSON', { method: 'PUT', body: 'all to 2' }, 400],
  ['no shares', { method: 'PUT', body: '{}' }, 400],
  ['null', { method: 'PUT', body: 'null' }, 400],
  [
    'shares of more than all',
    { method: 'PUT', body: dividedAs(['1', 60], ['2', 60]) },
    400,
  ],
  [
    'a version without a server',
    { method: 'PUT', body: dividedAs(['3', 100]) },
    400,
  ],
])('refuses %s', async (_, options, status) => {
  expect((await control(options)).status).toBe(status);
  expect((await harness.deployer.observe(target)).shares).toEqual([
    { version: '1', share: 100 },
  ]);
});

it('is not there unless it is configured', async () => {
  const plain = await Harness.start();
  try {
    await plain.prepare(versionOf('1'));
    await plain.setTraffic({ '1': 100 });
    const { origin } = new URL(await plain.endpoint());
    const response = await fetch(
      `${origin}/-/traffic/default/churn/production`,
      { headers: { authorization: `Bearer ${TOKEN}` } },
    );
    expect(response.status).toBe(404);
  } finally {
    await plain.end();
  }
});
