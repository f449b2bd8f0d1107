import {
  judgeDistribution,
  judgeProportion,
  JudgementVerdict,
  momentsOf,
  RandomSource,
  samplesToDetect,
  seededRandom,
  sequentialMeans,
} from './index';

/**
 * How often the judges are right, measured by simulation at the sizes that a small share of little traffic gives.
 * The tables of the README print what this test asserts.
 */
const TRIALS = 2000;

function rates(judge: (random: RandomSource) => JudgementVerdict) {
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  const random = seededRandom(20261121);
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

const binomial = (random: RandomSource, samples: number, rate: number) => {
  let count = 0;
  for (let i = 0; i < samples; i++) {
    if (random() < rate) count += 1;
  }
  return { count, samples };
};

/** Latencies as they are: a log-normal bulk around 12 ms. */
const latencies = (random: RandomSource, samples: number, shift: number) =>
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

describe('a doubled error rate, with as many samples as it takes to find it', () => {
  it.each([
    // margin, control, judgements: the rate doubles, by twice the margin
    [0.01, 0.02, 1, { samples: 1885, fail: 96 }],
    [0.01, 0.02, 8, { samples: 2489, fail: 96 }],
    [0.05, 0.1, 6, { samples: 408, fail: 95.6 }],
    [0.005, 0.01, 8, { samples: 5063, fail: 94.9 }],
    [0.0025, 0.005, 8, { samples: 10211, fail: 95.5 }],
  ])(
    'margin %d, control %d, %d judgements',
    (margin, controlRate, judgements, measured) => {
      const samples = samplesToDetect({ margin, judgements });
      const { fail } = rates(
        random =>
          judgeProportion({
            control: binomial(random, samples, controlRate),
            candidate: binomial(random, samples, 2 * controlRate),
            margin,
            minimumSamples: 30,
            judgements,
          }).verdict,
      );
      expect({ samples, fail }).toEqual(measured);
    },
  );
});

describe('means that are looked at every 10 samples up to 2,000', () => {
  /** How many of 500 streams are ever rejected, in percent. */
  const alarms = (draw: (random: RandomSource) => number, shift: number) => {
    const random = seededRandom(20261121);
    let found = 0;
    for (let stream = 0; stream < 500; stream++) {
      const sides: number[][] = [[], []];
      let isFound = false;
      while (!isFound && sides[0].length < 2000) {
        for (let i = 0; i < 10; i++) {
          sides[0].push(draw(random));
          sides[1].push(draw(random) + shift);
        }
        const [control, candidate] = sides.map(momentsOf);
        isFound =
          sequentialMeans({ control, candidate, mixtureVariance: 4 }).pValue <=
          0.05;
      }
      found += isFound ? 1 : 0;
    }
    return found / 5;
  };
  const logNormal = (spread: number) => (random: RandomSource) =>
    12 *
    Math.exp(
      spread *
        Math.sqrt(-2 * Math.log(1 - random())) *
        Math.cos(2 * Math.PI * random()),
    );

  it.each([
    // spread of the logarithm, shift in ms
    [0.5, 0, 2.6],
    [1, 0, 2.6],
    [0.5, 2, 100],
  ])('spread %d, shifted by %d ms', (spread, shift, measured) => {
    expect(alarms(logNormal(spread), shift)).toBe(measured);
  });
});
