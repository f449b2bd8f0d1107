import { RolloutPlan } from '@slipway/backstage-plugin-model-delivery-common';
import { seededRandom } from '@slipway/canary-analysis';
import { VersionSignals } from '@slipway/backstage-plugin-model-delivery-node';
import { judgeStep } from './judgeStep';
import { watchStep } from './watchStep';

const metrics: RolloutPlan['metrics'] = [
  {
    name: 'score-shift',
    title: 'Shift of scores',
    kind: 'shift',
    unit: 'spread',
    margin: 0.1,
  },
  {
    name: 'score-ks',
    title: 'Distance of scores',
    kind: 'distance',
    unit: 'KS',
    margin: 0.1,
  },
  {
    name: 'score-psi',
    title: 'Stability of scores',
    kind: 'stability',
    unit: 'PSI',
    margin: 0.1,
  },
];

const signals = (
  scores: number[] | undefined,
  more: Partial<VersionSignals> = {},
): VersionSignals => ({
  requests: 2000,
  errors: 0,
  latencies: [],
  ...(scores && { scores }),
  ...more,
});
/** Scores evenly from 0 to 1, moved by so much. */
const moved = (by: number, seed = 1) => {
  const random = seededRandom(seed);
  return Array.from({ length: 2000 }, () => by + random());
};
const judge = (candidate: VersionSignals, control = signals(moved(0, 2))) =>
  judgeStep({ steps: [], metrics }, 500, { candidate, control });
const said = (candidate: VersionSignals, control?: VersionSignals) =>
  judge(candidate, control).analysis.map(
    ({ verdict, explanation }) => `${verdict}: ${explanation}`,
  );

it('passes scores that stay as they were, in words', () => {
  const { verdict, analysis, samples } = judge(signals(moved(0)));
  expect({ verdict, samples }).toEqual({ verdict: 'pass', samples: 2000 });
  expect(analysis.map(each => each.explanation)).toEqual([
    "scores are shifted by -2.2 % (-5.7 % to +1.3 %), within the margin of 10 % of the control's usual spread either way",
    'the distribution of scores differs by up to 3.7 points (0 points to 8 points), within the margin of 10 points',
    'the population stability index of scores is 0 (0 to 0.013), within the margin of 0.1',
  ]);
  expect(analysis[0]).toMatchObject({
    metric: 'score-shift',
    kind: 'shift',
    margin: 0.1,
    control: { value: expect.closeTo(0.5, 1), samples: 2000 },
  });
});

it('fails scores that move, up or down', () => {
  expect(judge(signals(moved(0.3))).verdict).toBe('fail');
  const [shift, distance, stability] = said(signals(moved(-0.3)));
  expect(shift).toMatch(
    /^fail: the median score is 0\.\d+ against 0\.\d+: scores are shifted by -\d\d/,
  );
  expect(shift).toMatch(
    /beyond the margin of 10 % of the control's usual spread either way$/,
  );
  expect(distance).toMatch(/differs by up to \d\d/);
  expect(stability).toMatch(/the population stability index of scores is \d/);
});

it('never passes what has no scores, too few, or always the same', () => {
  expect(said(signals(undefined))).toEqual(
    Array(3).fill('inconclusive: scores: the candidate gave none'),
  );
  expect(said(signals(moved(0)), signals([]))).toEqual(
    Array(3).fill('inconclusive: scores: the control gave none'),
  );
  expect(said(signals(moved(0).slice(0, 400)))).toEqual(
    Array(3).fill(
      'inconclusive: scores: 400 samples of the 500 that are needed',
    ),
  );
  const same = signals(Array(2000).fill(0.5));
  expect(judge(same, same).verdict).toBe('inconclusive');
});

it('judges nothing by the scores that are left when others are missing', () => {
  const all = { scored: 2000 };
  expect(judge(signals(moved(0), all), signals(moved(0, 2), all)).verdict).toBe(
    'pass',
  );
  expect(
    said(
      signals(moved(0).slice(0, 900), { scored: 900 }),
      signals(moved(0, 2), all),
    ),
  ).toEqual(
    Array(3).fill(
      "inconclusive: 55 % of the candidate's answers have no score, against 0 % of the control's",
    ),
  );
});

/** The same scores, of which only is known how many lie between bounds. */
const counted = (scores: number[], bins: number) => {
  const bounds = Array.from({ length: 2 * bins + 1 }, (_, i) => i / bins);
  const counts = new Array<number>(bounds.length + 1).fill(0);
  scores.forEach(score => {
    counts[bounds.findIndex(bound => score <= bound)] += 1;
  });
  return signals(undefined, { scoreBins: { bounds, counts }, scored: 2000 });
};

it('judges what a histogram counted, and says where its buckets are too wide', () => {
  const control = moved(0, 2);
  expect(judge(counted(moved(0), 100), counted(control, 100)).verdict).toBe(
    'pass',
  );
  expect(judge(counted(moved(0.3), 100), counted(control, 100)).verdict).toBe(
    'fail',
  );
  expect(said(counted(moved(0), 4), counted(control, 4))).toEqual([
    "inconclusive: scores are shifted by -2 % (-54.3 % to +50.2 %), but scores are only known by buckets, which are too wide for a margin of 10 % of the control's usual spread either way",
    expect.stringContaining(
      'but scores are only known by buckets, which are too wide for a margin of 10 points',
    ),
    expect.stringContaining(
      'but scores are only known by buckets, which are too wide for a margin of 0.1',
    ),
  ]);
  // Its control was read by something else, or is not there yet
  expect(said(counted(moved(0), 100), signals(undefined))).toEqual(
    Array(3).fill('inconclusive: scores: the control gave none'),
  );
});

it('leaves scores open while a step still runs', () => {
  const sides = { candidate: signals(moved(3)), control: signals(moved(0)) };
  expect(watchStep({ metrics }, sides)).toBeUndefined();
  const errors = {
    name: 'error-rate' as const,
    title: 'Error rate',
    kind: 'proportion' as const,
    unit: 'share',
    margin: 0.01,
  };
  const failing = { ...sides.candidate, errors: 500 };
  expect(
    watchStep(
      { metrics: [errors, metrics[0]] },
      { ...sides, candidate: failing },
    )!.analysis[1],
  ).toMatchObject({
    verdict: 'inconclusive',
    explanation: 'scores: not judged, since the step was stopped early',
    candidate: { value: expect.closeTo(3.5, 1), samples: 2000 },
  });
});
