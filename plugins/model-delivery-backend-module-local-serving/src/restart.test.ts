import { ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { startTimeOf } from './processes/processIdentity';
import {
  Harness,
  send,
  settings,
  target,
  versionOf,
} from './__testUtils__/harness';

let harness: Harness;

jest.setTimeout(60_000);

afterEach(() => harness.end());

const pidOf = async () => (await harness.ask()).json().pid as number;

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < 200; i++) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    await delay(50);
  }
  throw new Error('It did not happen');
}

const isReady = async (name: string) => {
  const { versions } = await harness.deployer.observe(target);
  return versions.find(v => v.version === name)?.ready || undefined;
};

const isDown = async (name: string) =>
  (await isReady(name)) ? undefined : true;

it('finds its servers, shares, endpoint, operations and measurements again after a restart', async () => {
  harness = await Harness.start();
  await harness.prepare(versionOf('1'), 'p1');
  await harness.prepare(versionOf('2'), 'p2');
  await harness.setTraffic({ '1': 100 }, 't1');
  const pid = await pidOf();
  const endpoint = await harness.endpoint();
  const before = await harness.measured('1');
  expect(before.requests).toBe(1);

  await harness.serving.stop();
  expect(await startTimeOf(pid)).toBeDefined();
  await harness.startAgain();
  await eventually(() => isReady('1'));

  expect(await harness.endpoint()).toBe(endpoint);
  expect(await pidOf()).toBe(pid);
  expect(await harness.prepare(versionOf('1'), 'p1')).toEqual({
    state: 'done',
  });
  expect((await harness.measured('1')).requests).toBe(2);
  expect((await harness.measured('1')).latencies[0]).toBeCloseTo(
    before.latencies[0],
    3,
  );
});

it('replaces servers that died while no backend looked, and ends those that are not wanted any longer', async () => {
  harness = await Harness.start();
  await harness.prepare(versionOf('1'));
  await harness.prepare(versionOf('2'));
  await harness.setTraffic({ '1': 100 });
  const pid = await pidOf();
  await harness.setTraffic({ '2': 100 });
  const unwanted = await pidOf();
  await harness.serving.stop();
  process.kill(pid, 'SIGKILL');
  const path = join(harness.directory, 'state.json');
  const state = JSON.parse(await readFile(path, 'utf8'));
  state.targets[0].versions = state.targets[0].versions.filter(
    (v: { version: string }) => v.version === '1',
  );
  state.targets[0].shares = [{ version: '1', share: 100 }];
  await writeFile(path, JSON.stringify(state));

  await harness.startAgain();
  await eventually(() => isReady('1'));
  expect(await pidOf()).not.toBe(pid);
  expect(await startTimeOf(unwanted)).toBeUndefined();
});

it('gives traffic to the other version while a server is down, starts it again, and counts what it missed', async () => {
  harness = await Harness.start();
  await harness.prepare(versionOf('1'));
  await harness.prepare(versionOf('2'));
  await harness.setTraffic({ '2': 100 });
  const pid = await pidOf();
  await harness.setTraffic({ '1': 50, '2': 50 });
  const missed = (await harness.measured('2')).errors;
  process.kill(pid, 'SIGKILL');
  await eventually(() => isDown('2'));
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => harness.ask()),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await harness.measured('2')).errors).toBeGreaterThan(missed);
  expect((await harness.measured('1')).errors).toBe(0);

  await eventually(() => isReady('2'));
  await eventually(async () =>
    (await harness.ask()).version === '2' ? true : undefined,
  );
});

it('answers 503 while the only version with traffic is down, never with one that has none', async () => {
  harness = await Harness.start();
  await harness.prepare(versionOf('1'));
  await harness.prepare(versionOf('2'));
  await harness.setTraffic({ '1': 100 });
  process.kill(await pidOf(), 'SIGKILL');
  await eventually(() => isDown('1'));
  const answer = await harness.ask();
  expect(answer.status).toBe(503);
  expect(answer.json()).toEqual({
    error: {
      name: 'ServiceUnavailableError',
      message:
        'No version of model:default/churn in production is ready; its server is starting or has failed',
    },
  });
  await eventually(() => isReady('1'));
  expect((await harness.ask()).version).toBe('1');
});

it('ends its servers on shutdown when told to, and starts them with the next backend', async () => {
  harness = await Harness.start({ stopOnShutdown: true });
  await harness.prepare(versionOf('1'));
  await harness.setTraffic({ '1': 100 });
  const pid = await pidOf();
  await harness.serving.stop();
  expect(await startTimeOf(pid)).toBeUndefined();
  await harness.startAgain();
  await eventually(() => isReady('1'));
  expect((await harness.ask()).version).toBe('1');
});

describe('with a backend that is killed', () => {
  let backend: ChildProcessWithoutNullStreams;
  let lines: AsyncIterator<string>;

  async function startBackend() {
    backend = spawn(
      process.execPath,
      [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        join(__dirname, '__testUtils__/backendProcess.ts'),
        JSON.stringify(settings(harness.directory)),
      ],
      { cwd: join(__dirname, '..') },
    );
    lines = createInterface({ input: backend.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('"started"');
  }

  async function run(operation: string, options: object) {
    return eventually(async () => {
      backend.stdin.write(`${JSON.stringify([operation, options])}\n`);
      const status = JSON.parse((await lines.next()).value);
      return status.state === 'pending' ? undefined : status;
    });
  }

  async function kill() {
    backend.kill('SIGKILL');
    await once(backend, 'exit');
  }

  beforeEach(async () => {
    harness = await Harness.start();
    await harness.serving.stop();
    await startBackend();
  });
  afterEach(() => {
    backend.kill('SIGKILL');
  });

  it('keeps serving state, takes over the lock and the very same processes', async () => {
    await run('prepare', {
      operationKey: 'p1',
      target,
      version: versionOf('1'),
    });
    const shares = [{ version: '1', share: 100 }];
    await run('setTraffic', { operationKey: 't1', target, shares });
    await expect(harness.startAgain()).rejects.toThrow(
      'Another backend (process',
    );
    await kill();
    await harness.startAgain();
    await eventually(() => isReady('1'));
    const pid = await pidOf();
    const registry = await readFile(
      join(harness.directory, 'processes.json'),
      'utf8',
    );
    expect(JSON.parse(registry)).toMatchObject([{ pid, version: '1' }]);
    expect(await harness.setTraffic({ '1': 100 }, 't1')).toEqual({
      state: 'done',
    });
  });

  it('ends a process that was started but not yet written down', async () => {
    await run('prepare', {
      operationKey: 'p1',
      target,
      version: versionOf('1'),
    });
    const path = join(harness.directory, 'processes.json');
    const [{ pid, port }] = JSON.parse(await readFile(path, 'utf8'));
    await kill();
    await writeFile(path, '[]');
    await harness.startAgain();
    await eventually(() => isReady('1'));
    await expect(send(`http://127.0.0.1:${port}/ping`)).rejects.toThrow();
    expect(await startTimeOf(pid)).toBeUndefined();
  });

  it('leaves nothing behind once endServers.mjs ran', async () => {
    await run('prepare', {
      operationKey: 'p1',
      target,
      version: versionOf('1'),
    });
    const path = join(harness.directory, 'processes.json');
    const [{ pid }] = JSON.parse(await readFile(path, 'utf8'));
    await kill();
    const script = spawn(process.execPath, [
      join(__dirname, '../scripts/endServers.mjs'),
      harness.directory,
    ]);
    expect(await once(script, 'exit')).toEqual([0, null]);
    expect(await startTimeOf(pid)).toBeUndefined();
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual([]);
    await harness.startAgain();
  });
});
