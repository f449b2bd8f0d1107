import { judgeShift } from '@slipway/canary-analysis';
import { Harness, target, versionOf } from './__testUtils__/harness';

let harness: Harness;

jest.setTimeout(60_000);

beforeAll(async () => {
  harness = await Harness.start({ limits: { maxScoredBytes: 20_000 } });
  for (const [version, kind] of [
    ['1', 'scorer'],
    ['2', 'scorer'],
    ['3', 'shifted'],
    ['4', 'labels'],
  ]) {
    await harness.prepare(versionOf(version, kind));
  }
});
afterAll(() => harness.end());

/** Gives traffic to a version and asks it, below the 200 answers a second of which all scores are kept. */
async function ask(shares: Record<string, number>, requests = 400) {
  await harness.setTraffic(shares);
  const askOne = (customer: number) =>
    harness.ask({ body: `customer ${customer}` });
  for (let i = 0; i < requests; i += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, j) => i + j).map(askOne));
    await new Promise(resolve => setTimeout(resolve, 120));
  }
}

it('tells by real answers a version that scores otherwise from one that scores the same', async () => {
  await ask({ '1': 100 });
  const control = await harness.measured('1');
  expect(control).toMatchObject({ requests: 400, errors: 0, scored: 400 });
  const judge = async (version: string) => {
    await ask({ [version]: 100 });
    const { scores = [], scored } = await harness.measured(version);
    expect([scores.length, scored]).toEqual([400, 400]);
    return judgeShift({
      control: control.scores!,
      candidate: scores,
      margin: 0.15,
      minimumSamples: 300,
    });
  };
  expect((await judge('2')).verdict).toBe('pass');
  expect(await judge('3')).toMatchObject({
    verdict: 'fail',
    // The middle half of what is spread evenly from 0 to 1 is 0.5 wide
    difference: { estimate: expect.closeTo(0.66, 2) },
  });
});

it('has no scores of labels, of errors, and of answers that are too large', async () => {
  await ask({ '4': 100 }, 20);
  expect(await harness.measured('4')).toEqual({
    requests: 20,
    errors: 0,
    latencies: Array(20).fill(expect.any(Number)),
  });
  await harness.setTraffic({ '1': 100 });
  const before = await harness.measured('1');
  const large = await harness.ask({ body: 'x'.repeat(20_001) });
  expect(large.status).toBe(200);
  const { requests, scored } = await harness.measured('1');
  expect([requests, scored]).toEqual([before.requests + 1, before.scored]);
});

it('says that it gives scores', async () => {
  expect((await harness.metrics.gives(target)).kinds).toContain('scores');
  expect((await harness.metrics.gives()).kinds).toContain('scores');
});

it('measures the scores of copies in a shadow, beside those that were returned', async () => {
  await harness.setTraffic({ '1': 100 });
  await harness.settle(() =>
    harness.deployer.setMirror!({
      operationKey: harness.nextKey(),
      target,
      version: '3',
      share: 100,
      tolerance: 0,
    }),
  );
  const from = new Date(Math.floor(Date.now() / 1000) * 1000);
  await ask({ '1': 100 }, 20);
  const compare = () =>
    harness.metrics.readComparison({
      target,
      version: '3',
      from,
      to: new Date(Date.now() + 2000),
    });
  let seen = await compare();
  for (let i = 0; i < 100 && seen.candidate.requests < 20; i++) {
    await new Promise(resolve => setTimeout(resolve, 50));
    seen = await compare();
  }
  const mean = (values: number[]) =>
    values.reduce((sum, each) => sum + each, 0) / values.length;
  expect(seen.candidate.scores!.length).toBe(seen.serving.scores!.length);
  expect(mean(seen.candidate.scores!) - mean(seen.serving.scores!)).toBeCloseTo(
    0.3,
    6,
  );
});
