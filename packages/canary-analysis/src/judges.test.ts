import {
  countAbove,
  fewestSamplesToPass,
  hodgesLehmannShift,
  InvalidSampleError,
  judgeDistribution,
  judgeProportion,
} from './index';

const errors = (count: number, samples: number) => ({ count, samples });
const rule = { margin: 0.02, minimumSamples: 50 };
/** Values spread evenly around a centre. */
const around = (centre: number, samples: number, step = 0.5) =>
  Array.from({ length: samples }, (_, i) => centre + (i % 20) * step);

describe('judgeProportion', () => {
  it('passes a candidate without errors once there are samples enough to tell', () => {
    expect(
      judgeProportion({
        control: errors(0, 1800),
        candidate: errors(0, 100),
        ...rule,
      }),
    ).toEqual({
      verdict: 'pass',
      reason: 'within-margin',
      difference: {
        estimate: 0,
        low: expect.closeTo(-0.0021, 4),
        high: expect.closeTo(0.037, 3),
        level: 0.95,
      },
      control: { value: 0, samples: 1800 },
      candidate: { value: 0, samples: 100 },
    });
  });

  it('fails a candidate that is clearly worse by more than the margin', () => {
    const judgement = judgeProportion({
      control: errors(2, 1800),
      candidate: errors(12, 100),
      ...rule,
    });
    expect(judgement).toMatchObject({
      verdict: 'fail',
      reason: 'beyond-margin',
      candidate: { value: 0.12, samples: 100 },
    });
  });

  it('lets a candidate pass that is surely worse, but surely by less than the margin', () => {
    expect(
      judgeProportion({
        control: errors(0, 100_000),
        candidate: errors(500, 100_000),
        ...rule,
      }),
    ).toMatchObject({ verdict: 'pass', reason: 'within-margin' });
  });

  it('is inconclusive when the interval holds good and bad', () => {
    expect(
      judgeProportion({
        control: errors(2, 1800),
        candidate: errors(1, 60),
        ...rule,
      }),
    ).toMatchObject({ verdict: 'inconclusive', reason: 'straddles-margin' });
    // No error, but too few samples to rule out what must never pass
    expect(
      judgeProportion({
        control: errors(0, 1800),
        candidate: errors(0, 60),
        ...rule,
      }),
    ).toMatchObject({ verdict: 'inconclusive', reason: 'straddles-margin' });
  });

  it('never passes without a signal, with too few samples, or when everything fails', () => {
    expect(
      judgeProportion({
        control: errors(0, 900),
        candidate: errors(0, 0),
        ...rule,
      }),
    ).toEqual({
      verdict: 'inconclusive',
      reason: 'no-signal',
      difference: null,
      control: { value: 0, samples: 900 },
      candidate: { value: null, samples: 0 },
    });
    expect(
      judgeProportion({
        control: errors(0, 900),
        candidate: errors(0, 49),
        ...rule,
      }),
    ).toMatchObject({ verdict: 'inconclusive', reason: 'too-few-samples' });
    expect(
      judgeProportion({
        control: errors(900, 900),
        candidate: errors(100, 100),
        ...rule,
      }),
    ).toMatchObject({ verdict: 'inconclusive', reason: 'constant-series' });
  });

  it('refuses numbers that cannot be, naming them', () => {
    const control = errors(0, 100);
    expect(() =>
      judgeProportion({ control, candidate: errors(5, 4), ...rule }),
    ).toThrow(
      new InvalidSampleError(
        'A proportion needs whole numbers with 0 <= count <= samples; it has count 5 of 4',
      ),
    );
    expect(() =>
      judgeProportion({ control, candidate: control, ...rule, margin: 0 }),
    ).toThrow('A margin must be a finite number above 0; it is 0');
    expect(() =>
      judgeProportion({
        control,
        candidate: control,
        ...rule,
        minimumSamples: 0,
      }),
    ).toThrow('minimumSamples must be a whole number from 1; it is 0');
    expect(() =>
      judgeProportion({ control, candidate: control, ...rule, level: 95 }),
    ).toThrow('The confidence level must lie between 0 and 1');
  });

  it('fails on surer evidence alone when it is one of many judgements', () => {
    const slightly = {
      control: errors(38, 4750),
      candidate: errors(5, 250),
      margin: 0.01,
      minimumSamples: 50,
    };
    expect(judgeProportion(slightly).verdict).toBe('fail');
    expect(judgeProportion({ ...slightly, judgements: 2 }).verdict).toBe(
      'fail',
    );
    expect(judgeProportion({ ...slightly, judgements: 8 })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'straddles-margin',
      difference: { level: 0.95 },
    });
    expect(
      judgeProportion({
        ...slightly,
        candidate: errors(12, 250),
        judgements: 8,
      }).verdict,
    ).toBe('fail');
    expect(() => judgeProportion({ ...slightly, judgements: 0 })).toThrow(
      'judgements must be a whole number from 1; it is 0',
    );
  });

  it.each([0.2, 0.05, 0.02, 0.01])(
    'passes an errorless candidate exactly from fewestSamplesToPass on, for margin %d',
    margin => {
      const fewest = fewestSamplesToPass({ margin });
      const verdictOf = (samples: number) =>
        judgeProportion({
          control: errors(0, 10_000),
          candidate: errors(0, samples),
          margin,
          minimumSamples: 1,
        }).verdict;
      expect(verdictOf(fewest)).toBe('pass');
      expect(verdictOf(fewest - 1)).toBe('inconclusive');
    },
  );

  it('knows the numbers that its documentation names', () => {
    expect(
      [0.2, 0.05, 0.02, 0.01].map(margin => fewestSamplesToPass({ margin })),
    ).toEqual([6, 35, 93, 189]);
  });
});

describe('judgeDistribution', () => {
  const latency = { margin: 10, minimumSamples: 30 };

  it('passes the same latencies and gives their p95', () => {
    expect(
      judgeDistribution({
        control: around(10, 400),
        candidate: around(10, 60),
        ...latency,
      }),
    ).toMatchObject({
      verdict: 'pass',
      reason: 'within-margin',
      difference: { estimate: 0 },
      control: { value: expect.closeTo(19.025, 6), samples: 400 },
      candidate: { samples: 60 },
    });
  });

  it('passes what is faster and fails what is slower by more than the margin', () => {
    const control = around(30, 400);
    expect(
      judgeDistribution({ control, candidate: around(5, 60), ...latency })
        .verdict,
    ).toBe('pass');
    expect(
      judgeDistribution({ control, candidate: around(55, 60), ...latency }),
    ).toMatchObject({
      verdict: 'fail',
      reason: 'beyond-margin',
      difference: { estimate: 25 },
    });
  });

  it('never passes a constant series, no signal or too few samples', () => {
    const control = around(10, 400);
    const constant = Array(60).fill(12);
    expect(
      judgeDistribution({ control, candidate: constant, ...latency }),
    ).toMatchObject({ verdict: 'inconclusive', reason: 'constant-series' });
    expect(
      judgeDistribution({ control: constant, candidate: constant, ...latency }),
    ).toMatchObject({ verdict: 'inconclusive', reason: 'constant-series' });
    expect(
      judgeDistribution({
        control,
        candidate: Array(60).fill(900),
        ...latency,
      }),
    ).toMatchObject({ verdict: 'fail' });
    expect(
      judgeDistribution({ control, candidate: [], ...latency }),
    ).toMatchObject({ verdict: 'inconclusive', reason: 'no-signal' });
    expect(
      judgeDistribution({ control, candidate: around(10, 29), ...latency }),
    ).toMatchObject({ verdict: 'inconclusive', reason: 'too-few-samples' });
    expect(
      judgeDistribution({
        control: [1, 2, 3],
        candidate: [1, 2],
        margin: 10,
        minimumSamples: 1,
      }),
    ).toMatchObject({ reason: 'too-few-samples', difference: null });
  });

  it('refuses a latency that is no number', () => {
    expect(() =>
      judgeDistribution({ control: [1, NaN], candidate: [1], ...latency }),
    ).toThrow('Every value must be a finite number; value 1 is NaN');
  });

  it('turns a slow tail into a proportion that can be judged', () => {
    const slow = [...around(10, 90), ...Array(10).fill(400)];
    expect(
      judgeDistribution({
        control: around(10, 400),
        candidate: slow,
        ...latency,
      }).verdict,
    ).toBe('pass');
    expect(
      judgeProportion({
        control: countAbove(around(10, 400), 100),
        candidate: countAbove(slow, 100),
        ...rule,
      }),
    ).toMatchObject({ verdict: 'fail', candidate: { value: 0.1 } });
  });
});

it('finds exact order statistics of 25 million differences in well under a second', () => {
  const control = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5003);
  const candidate = control.map(v => v + 12.5);
  const start = performance.now();
  expect(hodgesLehmannShift(control, candidate).estimate).toBe(12.5);
  expect(performance.now() - start).toBeLessThan(1000);
});
