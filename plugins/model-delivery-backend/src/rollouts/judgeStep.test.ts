import { judgeStep } from './judgeStep';

const latency = {
  name: 'latency',
  title: 'Latency',
  kind: 'distribution' as const,
  unit: 'ms',
  margin: 20,
};

const spread = (around: number) =>
  Array.from({ length: 500 }, (_, i) => around + (i % 50) / 10);

/** Judges a candidate that is slower by so many ms, known as exactly as told. */
function judge(slowerBy: number, latencyResolution?: number) {
  const signalsOf = (around: number) => ({
    requests: 500,
    errors: 0,
    latencies: spread(around),
    latencyResolution,
  });
  return judgeStep({ steps: [], metrics: [latency as never] }, 100, {
    control: signalsOf(100),
    candidate: signalsOf(100 + slowerBy),
  }).analysis[0];
}

it('judges latencies that were measured one by one', () => {
  expect(judge(0).verdict).toBe('pass');
  expect(judge(60).verdict).toBe('fail');
});

it('neither passes nor fails a difference that lies within the buckets of a histogram', () => {
  expect(judge(0, 20).verdict).toBe('pass');
  expect(judge(0, 50)).toMatchObject({
    verdict: 'inconclusive',
    explanation:
      'latency is only known to within 50 ms, by buckets that are too wide for a margin of 20 ms',
  });
  expect(judge(60, 20).verdict).toBe('fail');
  expect(judge(60, 50).verdict).toBe('inconclusive');
  expect(judge(200, 50).verdict).toBe('fail');
  expect(judge(0, Infinity).verdict).toBe('inconclusive');
});

it('does not call an interval within the margin that reaches beyond it', () => {
  const errorRate = {
    name: 'error-rate',
    title: 'Error rate',
    kind: 'proportion' as const,
    unit: 'ratio',
    margin: 0.05,
  };
  const explain = (candidateErrors: number, requests: number) =>
    judgeStep({ steps: [], metrics: [errorRate as never] }, 20, {
      control: { requests, errors: 0, latencies: [] },
      candidate: { requests, errors: candidateErrors, latencies: [] },
    }).analysis[0];
  expect(explain(0, 500)).toMatchObject({
    verdict: 'pass',
    explanation: expect.stringMatching(/, within the margin of \+5 points$/),
  });
  expect(explain(0, 45)).toMatchObject({
    verdict: 'pass',
    explanation: expect.stringMatching(
      /: no sign of harm, and surely less than \+10 points, twice the margin$/,
    ),
  });
});

it('judges latencies of the answers that there are, once a step has the requests that it demands', () => {
  const judgeOf = (options: {
    minimum: number;
    requests: number;
    errors: number;
    latencies: number;
  }) => {
    const side = {
      requests: options.requests,
      errors: options.errors,
      latencies: Array.from(
        { length: options.latencies },
        (_, i) => 100 + (i % 50) / 10,
      ),
    };
    return judgeStep(
      { steps: [], metrics: [latency as never] },
      options.minimum,
      { control: side, candidate: side },
    ).verdict;
  };
  // One in a hundred failed and has no latency
  expect(
    judgeOf({ minimum: 2_500, requests: 2_500, errors: 25, latencies: 2_475 }),
  ).toBe('pass');
  // A source gives a sample of 5,000 at most
  expect(
    judgeOf({ minimum: 20_000, requests: 20_000, errors: 0, latencies: 5_000 }),
  ).toBe('pass');
  expect(
    judgeOf({ minimum: 2_500, requests: 2_499, errors: 0, latencies: 2_499 }),
  ).toBe('inconclusive');
  // A source that measures hardly any of the answers says little
  expect(
    judgeOf({ minimum: 2_500, requests: 2_500, errors: 0, latencies: 200 }),
  ).toBe('inconclusive');
});
