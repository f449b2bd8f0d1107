import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startTimeOf } from './processes/processIdentity';
import { Harness, target, versionOf } from './__testUtils__/harness';

let harness: Harness;

jest.setTimeout(60_000);

beforeEach(async () => {
  harness = await Harness.start();
});
afterEach(() => harness.end());

const pidOf = async () => (await harness.ask()).json().pid;

it('prepares without traffic, then divides it, then releases', async () => {
  const first = await harness.deployer.prepare({
    operationKey: 'p1',
    target,
    version: versionOf('1'),
  });
  expect(first).toEqual({
    state: 'pending',
    message: 'The server does not answer its health check yet',
  });
  expect(await harness.prepare(versionOf('1'), 'p1')).toEqual({
    state: 'done',
  });
  expect(await harness.deployer.observe(target)).toEqual({
    shares: [],
    versions: [{ version: '1', ready: true }],
    endpoint: undefined,
  });

  expect(await harness.setTraffic({ '1': 100 })).toEqual({ state: 'done' });
  expect(await harness.deployer.observe(target)).toEqual({
    shares: [{ version: '1', share: 100 }],
    versions: [{ version: '1', ready: true }],
    endpoint: expect.stringMatching(
      /^http:\/\/127\.0\.0\.1:\d+\/default\/churn\/production$/,
    ),
  });
  expect(await harness.release('1')).toEqual({
    state: 'failed',
    message:
      'Version 1 has 100 % of the traffic; move it away before the version is released',
  });
  const pid = await pidOf();
  await harness.setTraffic({});
  expect(await harness.release('1')).toEqual({ state: 'done' });
  expect(await harness.deployer.observe(target)).toEqual({
    shares: [],
    versions: [],
  });
  expect(await startTimeOf(pid)).toBeUndefined();
});

it('does everything once for a key, however often it is asked and whatever came after', async () => {
  await harness.prepare(versionOf('1'), 'p1');
  await harness.setTraffic({ '1': 100 }, 't1');
  const pid = await pidOf();
  await harness.prepare(versionOf('2'), 'p2');
  await harness.setTraffic({ '1': 75, '2': 25 }, 't2');
  await harness.setTraffic({ '1': 100 }, 't3');

  expect(await harness.prepare(versionOf('1'), 'p1')).toEqual({
    state: 'done',
  });
  expect(await harness.setTraffic({ '1': 75, '2': 25 }, 't2')).toEqual({
    state: 'done',
  });
  expect((await harness.deployer.observe(target)).shares).toEqual([
    { version: '1', share: 100 },
  ]);
  expect(await pidOf()).toBe(pid);

  await harness.release('2', 'r2');
  expect(await harness.prepare(versionOf('2'), 'p2')).toEqual({
    state: 'done',
  });
  expect((await harness.deployer.observe(target)).versions).toHaveLength(1);
});

it('refuses a key that was used for something else', async () => {
  await harness.prepare(versionOf('1'), 'p1');
  await expect(harness.prepare(versionOf('2'), 'p1')).rejects.toThrow(
    'The operation key p1 was already used for another prepare of model:default/churn in production; use a new key for each operation',
  );
});

it('starts one server when it is asked to twice at once', async () => {
  await Promise.all([
    harness.prepare(versionOf('1'), 'a'),
    harness.prepare(versionOf('1'), 'b'),
  ]);
  const registry = await readFile(
    join(harness.directory, 'processes.json'),
    'utf8',
  );
  expect(JSON.parse(registry)).toHaveLength(1);
});

it('gives up a server that ends before it is ready, with its last lines', async () => {
  await harness.prepare(versionOf('1'));
  await harness.setTraffic({ '1': 100 });
  expect(await harness.prepare(versionOf('2', 'crashing'), 'p2')).toEqual({
    state: 'failed',
    message: expect.stringMatching(
      /^The server of version 2 ended 3 times before it was ready\. Its last lines: .*cannot load crashing\/2: feature_names is missing$/,
    ),
  });
  // Final for its key, gone from the target, and the old version serves
  expect(await harness.prepare(versionOf('2', 'crashing'), 'p2')).toMatchObject(
    {
      state: 'failed',
    },
  );
  expect((await harness.deployer.observe(target)).versions).toEqual([
    { version: '1', ready: true },
  ]);
  expect((await harness.ask()).status).toBe(200);
});

it('gives up a server that runs but never becomes healthy', async () => {
  expect(await harness.prepare(versionOf('1', 'mute'))).toEqual({
    state: 'failed',
    message:
      'The server of version 1 did not answer its health check within 5 s. Its last lines: mute/1 listens',
  });
  await harness.release('1');
  const registry = await readFile(
    join(harness.directory, 'processes.json'),
    'utf8',
  );
  expect(JSON.parse(registry)).toHaveLength(0);
});

it.each([
  [undefined, 'has no artifact URI'],
  ['unknown:churn/1', 'No launcher for artifacts with the scheme "unknown"'],
  ['test:../../etc/passwd', 'expected is a scheme, a colon and a path'],
  ['test:--inspect=0.0.0.0', 'expected is a scheme, a colon and a path'],
  ['test:good/$(reboot)', 'expected is a scheme, a colon and a path'],
])('does not start the artifact %s', async (artifactUri, message) => {
  expect(await harness.prepare({ ...versionOf('1'), artifactUri })).toEqual({
    state: 'failed',
    message: expect.stringContaining(message),
  });
});

it('gives no traffic to a version that was not prepared, and refuses shares that are none', async () => {
  await harness.prepare(versionOf('1'));
  expect(await harness.setTraffic({ '1': 90, '2': 10 })).toEqual({
    state: 'failed',
    message: 'Version 2 has no server here; prepare it before it gets traffic',
  });
  await expect(harness.setTraffic({ '1': 90 })).rejects.toThrow(
    'add up to 100',
  );
});

it('lets a later division of traffic win over one that still waits', async () => {
  await harness.prepare(versionOf('1'));
  await harness.setTraffic({ '1': 100 });
  await harness.deployer.prepare({
    operationKey: 'p2',
    target,
    version: versionOf('2', 'mute'),
  });
  const waiting = {
    operationKey: 't2',
    target,
    shares: [
      { version: '1', share: 50 },
      { version: '2', share: 50 },
    ],
  };
  expect(await harness.deployer.setTraffic(waiting)).toMatchObject({
    state: 'pending',
  });
  await harness.setTraffic({ '1': 100 }, 't3');
  expect(await harness.deployer.setTraffic(waiting)).toEqual({
    state: 'failed',
    message: 'A later division of traffic took its place',
  });
});

it('refuses a target that is not served here', async () => {
  await harness.end();
  harness = await Harness.start({
    environments: ['staging'],
    models: ['model:default/churn'],
  });
  expect(harness.deployer.serves(target)).toBe(false);
  expect(await harness.metrics.watches(target)).toBe(false);
  expect(harness.deployer.serves({ ...target, environment: 'staging' })).toBe(
    true,
  );
  await expect(harness.prepare(versionOf('1'))).rejects.toThrow(
    'Local serving does not serve model:default/churn in production',
  );
});
