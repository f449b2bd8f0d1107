import { setTimeout as delay } from 'node:timers/promises';
import { Harness, target, versionOf } from './__testUtils__/harness';

jest.setTimeout(60_000);

let harness: Harness;
afterEach(() => harness.end());

/** v1 serves, and a candidate of that kind is ready without traffic. */
async function serveBeside(kind: string, more = {}): Promise<void> {
  harness = await Harness.start({
    limits: { answerTimeoutSeconds: 3, maxMirrored: 100, ...more },
  });
  await harness.prepare(versionOf('1'));
  await harness.prepare(versionOf('2', kind));
  await harness.setTraffic({ '1': 100 });
}

const mirror = (share: number, tolerance = 0) =>
  harness.deployer.setMirror({
    operationKey: harness.nextKey(),
    target,
    version: '2',
    share,
    tolerance,
  });

const compared = () =>
  harness.metrics.readComparison({
    target,
    version: '2',
    from: new Date(Date.now() - 3_600_000),
    to: new Date(Date.now() + 2_000),
  });

/** Sends requests one after another; how long each took in milliseconds. */
async function sendAll(count: number, body = '[1,2]'): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const startedAt = performance.now();
    const answer = await harness.ask({ body });
    times.push(performance.now() - startedAt);
    expect([answer.status, answer.version]).toEqual([200, '1']);
    expect(answer.json().version).toBe('1');
  }
  return times;
}

/** Waits until that many copies were compared or given up. */
async function untilMirrored(count: number) {
  for (let i = 0; i < 300; i++) {
    const comparison = await compared();
    if (comparison.mirrored >= count) return comparison;
    await delay(50);
  }
  throw new Error(`Only ${(await compared()).mirrored} were mirrored`);
}

it('sends copies, compares what is predicted, and returns none of it', async () => {
  await serveBeside('good');
  expect(await mirror(100)).toEqual({ state: 'done' });
  await sendAll(20);
  const comparison = await untilMirrored(20);
  expect(comparison).toMatchObject({
    mirrored: 20,
    skipped: 0,
    agreed: 20,
    largestDifference: 0,
    candidate: { requests: 20, errors: 0 },
    serving: { requests: 20, errors: 0 },
  });
  expect(comparison.candidate.latencies).toHaveLength(20);
  // Nobody was served by it, and nothing else counts as if
  expect((await harness.measured('2')).requests).toBe(0);
  expect((await harness.measured('1')).requests).toBe(20);
  expect((await harness.deployer.observe(target)).shares).toEqual([
    { version: '1', share: 100 },
  ]);

  await mirror(0);
  await sendAll(5);
  await delay(200);
  expect((await compared()).mirrored).toBe(20);
});

it('tells numbers that differ by how much, and lets a tolerance pass', async () => {
  await serveBeside('near');
  await mirror(100);
  await sendAll(5);
  const strict = await untilMirrored(5);
  expect(strict.agreed).toBe(0);
  expect(strict.largestDifference).toBeCloseTo(0.001);
  await mirror(100, 0.01);
  await sendAll(5);
  expect((await untilMirrored(10)).agreed).toBe(5);
});

it('copies the share that it was told to', async () => {
  await serveBeside('good');
  await mirror(25);
  await sendAll(200);
  await delay(300);
  const { mirrored } = await compared();
  expect(mirrored).toBeGreaterThan(20);
  expect(mirrored).toBeLessThan(85);
});

it.each(['failing', 'hanging'])(
  'lets nobody notice a candidate that is %s',
  async kind => {
    await serveBeside(kind);
    await mirror(100);
    // A candidate that hangs is given up after 3 s; no caller waits for that
    expect(Math.max(...(await sendAll(20)))).toBeLessThan(2_000);
    expect(await untilMirrored(20)).toMatchObject({
      skipped: 0,
      agreed: 0,
      candidate: { requests: 20, errors: 20 },
      serving: { requests: 20, errors: 0 },
    });
  },
);

it('sends no more at a time than there is room for, and counts what it left out', async () => {
  await serveBeside('hanging', { maxMirrored: 4 });
  await mirror(100);
  await Promise.all(Array.from({ length: 30 }, () => sendAll(1)));
  expect(await untilMirrored(30)).toMatchObject({
    mirrored: 30,
    skipped: 26,
    candidate: { requests: 4, errors: 4 },
  });
});

it('leaves out what is too large, and what it was not asked to predict', async () => {
  await serveBeside('good', { maxMirroredBytes: 20_000 });
  await mirror(100);
  await sendAll(1, 'x'.repeat(30_000));
  await harness.ask({ path: '/metrics', method: 'GET' });
  expect(await untilMirrored(1)).toMatchObject({ mirrored: 1, skipped: 1 });
  await delay(200);
  expect((await compared()).mirrored).toBe(1);
});

it('goes on after a restart, with what was compared before', async () => {
  await serveBeside('good');
  await mirror(100);
  await sendAll(5);
  await untilMirrored(5);
  await harness.serving.stop();
  await harness.startAgain();
  await harness.setTraffic({ '1': 100 });
  await sendAll(5);
  expect(await untilMirrored(10)).toMatchObject({ agreed: 10 });
});
