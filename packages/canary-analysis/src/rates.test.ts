import { judgeDistribution, judgeProportion, JudgementVerdict } from './index';

/**
 * How often the judges are right, measured by simulation at the sizes that a small share of little traffic gives.
 * The tables of the README print what this test asserts.
 */
const TRIALS = 2000;

/** A small seeded generator (mulberry32), so that every run measures the same. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function rates(judge: (random: () => number) => JudgementVerdict) {
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  const random = generator(20261121);
  for (let i = 0; i < TRIALS; i++) {
    counts[judge(random)] += 1;
  }
  const percent = (n: number) => Math.round((1000 * n) / TRIALS) / 10;
  return {
    pass: percent(counts.pass),
    fail: percent(counts.fail),
    inconclusive: percent(counts.inconclusive),
  };
}

const binomial = (random: () => number, samples: number, rate: number) => {
  let count = 0;
  for (let i = 0; i < samples; i++) {
    if (random() < rate) count += 1;
  }
  return { count, samples };
};

/** Latencies as they are: a log-normal bulk around 12 ms. */
const latencies = (random: () => number, samples: number, shift: number) =>
  Array.from({ length: samples }, () => {
    const normal =
      Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return shift + 12 * Math.exp(0.5 * normal);
  });

const errorRates = (
  samples: number,
  margin: number,
  controlRate: number,
  candidateRate: number,
) =>
  rates(
    random =>
      judgeProportion({
        control: binomial(random, 1000, controlRate),
        candidate: binomial(random, samples, candidateRate),
        margin,
        minimumSamples: 30,
      }).verdict,
  );

const latencyRates = (samples: number, shift: number) =>
  rates(
    random =>
      judgeDistribution({
        control: latencies(random, 400, 0),
        candidate: latencies(random, samples, shift),
        margin: 10,
        minimumSamples: 30,
      }).verdict,
  );

describe('errors, margin 5 percentage points, 60 samples of the candidate', () => {
  it.each([
    // control, candidate: what is measured
    [0, 0, { pass: 100, fail: 0, inconclusive: 0 }],
    [0.005, 0.005, { pass: 95.5, fail: 0.1, inconclusive: 4.5 }],
    [0.01, 0.01, { pass: 89.5, fail: 0.4, inconclusive: 10.2 }],
    [0, 0.05, { pass: 4.6, fail: 37.8, inconclusive: 57.7 }],
    [0, 0.1, { pass: 0.3, fail: 87.9, inconclusive: 11.9 }],
    [0, 0.25, { pass: 0, fail: 100, inconclusive: 0 }],
  ])('from %d to %d', (control, candidate, measured) => {
    expect(errorRates(60, 0.05, control, candidate)).toEqual(measured);
  });
});

describe('errors, margin 2 percentage points, 300 samples of the candidate', () => {
  it.each([
    [0, 0, { pass: 100, fail: 0, inconclusive: 0 }],
    [0.005, 0.005, { pass: 96.5, fail: 0.1, inconclusive: 3.5 }],
    [0.01, 0.01, { pass: 92.5, fail: 0.3, inconclusive: 7.2 }],
    [0.01, 0.05, { pass: 0.6, fail: 94.4, inconclusive: 5.1 }],
  ])('from %d to %d', (control, candidate, measured) => {
    expect(errorRates(300, 0.02, control, candidate)).toEqual(measured);
  });
});

describe('latency around 12 ms, margin 10 ms, 40 samples of the candidate', () => {
  it.each([
    // milliseconds slower
    [0, { pass: 100, fail: 0, inconclusive: 0 }],
    [5, { pass: 99.6, fail: 0, inconclusive: 0.4 }],
    [10, { pass: 2.6, fail: 49.7, inconclusive: 47.7 }],
    [20, { pass: 0, fail: 100, inconclusive: 0 }],
  ])('slower by %d ms', (shift, measured) => {
    expect(latencyRates(40, shift)).toEqual(measured);
  });
});
