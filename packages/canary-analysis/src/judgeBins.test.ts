import fc from 'fast-check';
import {
  BinnedValues,
  judgeKolmogorovSmirnov,
  judgeKolmogorovSmirnovOfBins,
  judgePopulationStability,
  judgePopulationStabilityOfBins,
  judgeShift,
  judgeShiftOfBins,
  populationStability,
  RandomSource,
  seededRandom,
} from './index';

const rule = { margin: 0.1, minimumSamples: 100 };
const judges = [
  judgeShiftOfBins,
  judgeKolmogorovSmirnovOfBins,
  judgePopulationStabilityOfBins,
];

/** Counts values as a histogram with these upper bounds does. */
function count(values: number[], bounds: number[]): BinnedValues {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  values.forEach(value => {
    const bin = bounds.findIndex(bound => value <= bound);
    counts[bin < 0 ? bounds.length : bin] += 1;
  });
  return { bounds, counts };
}
const grid = (steps: number) =>
  Array.from({ length: steps + 1 }, (_, i) => i / steps);
const draw = (size: number, seed: number, from: (u: number) => number) => {
  const random: RandomSource = seededRandom(seed);
  return Array.from({ length: size }, () => from(random()));
};
const judgeAll = (
  bounds: number[],
  [control, candidate]: [number[], number[]],
  more = {},
) =>
  judges.map(judge =>
    judge({
      control: count(control, bounds),
      candidate: count(candidate, bounds),
      ...rule,
      ...more,
    }),
  );
const said = (judged: ReturnType<typeof judgeAll>) =>
  judged.map(({ verdict, reason }) => `${verdict}: ${reason}`);

const control = draw(4000, 1, u => u);
const same = draw(4000, 2, u => u);
const moved = draw(4000, 3, u => 0.8 * u);

it('judges fine bins as the values themselves', () => {
  for (const candidate of [same, moved]) {
    const raw = [
      judgeShift,
      judgeKolmogorovSmirnov,
      judgePopulationStability,
    ].map(judge => judge({ control, candidate, ...rule }));
    const judged = judgeAll(grid(100), [control, candidate]);
    expect(said(judged)).toEqual(said(raw));
    judged.forEach(({ difference, candidate: side }, i) => {
      expect(
        Math.abs(difference!.estimate - raw[i].difference!.estimate),
      ).toBeLessThan(0.02 + 0.1 * raw[i].difference!.estimate);
      expect(side.samples).toBe(4000);
      expect(side.value).toBeCloseTo(raw[i].candidate.value!, 2);
    });
  }
  expect(said(judgeAll(grid(100), [control, same]))).toEqual(
    Array(3).fill('pass: within-margin'),
  );
});

it('never passes by bins that are too wide for the margin, and fails what they show', () => {
  expect(said(judgeAll(grid(2), [control, same]))).toEqual(
    Array(3).fill('inconclusive: too-coarse'),
  );
  // A tenth of the scores in a bin suffices to compare shares, not for a shift by a tenth of the spread
  expect(said(judgeAll(grid(10), [control, same]))).toEqual([
    'inconclusive: too-coarse',
    'pass: within-margin',
    'pass: within-margin',
  ]);
  expect(
    said(judgeAll(grid(4), [control, draw(4000, 4, u => u * u * u)])).slice(1),
  ).toEqual(Array(2).fill('fail: beyond-margin'));
});

it('does not take a move within a bin for none', () => {
  const bounds = [0, 0.3, 1];
  const hidden = judgeAll(bounds, [
    draw(4000, 5, u => (u < 0.5 ? 0.05 : 0.9)),
    draw(4000, 6, u => (u < 0.5 ? 0.25 : 0.5)),
  ]);
  hidden.forEach(({ verdict }) => expect(verdict).toBe('inconclusive'));
});

it('needs bounds around what matters', () => {
  const [shift] = judgeAll(grid(50).slice(10, 40), [control, same]);
  expect(shift).toMatchObject({
    verdict: 'inconclusive',
    reason: 'too-coarse',
    control: { samples: 4000 },
  });
  expect(said(judgeAll([], [control, same]))).toEqual(
    Array(3).fill('inconclusive: too-coarse'),
  );
});

it('never passes without values, or with too few', () => {
  const none: number[] = [];
  for (const sides of [
    [none, same],
    [control, none],
  ] as [number[], number[]][]) {
    expect(said(judgeAll(grid(50), sides))).toEqual(
      Array(3).fill('inconclusive: no-signal'),
    );
  }
  expect(
    said(judgeAll(grid(50), [control, same], { minimumSamples: 4001 })),
  ).toEqual(Array(3).fill('inconclusive: too-few-samples'));
  // More than are spread over the bins
  expect(
    said(
      judgeAll(grid(100), [draw(20_000, 7, u => u), draw(20_000, 8, u => u)], {
        minimumSamples: 15_000,
      }),
    ),
  ).toEqual(Array(3).fill('pass: within-margin'));
});

it('brings sides with other bounds together where both are known', () => {
  const sparse = (values: number[], bounds: number[]): BinnedValues => {
    const { counts } = count(values, bounds);
    // A histogram that leaves empty bins out, as native ones of Prometheus
    const kept = bounds.filter((_, i) => counts[i] > 0 || counts[i + 1] > 0);
    return count(values, kept);
  };
  const options = {
    control: sparse(control, grid(200)),
    candidate: sparse(
      same.filter(each => each < 0.4 || each > 0.5),
      grid(100),
    ),
    ...rule,
    margin: 0.04,
  };
  const { difference } = judgeKolmogorovSmirnovOfBins(options);
  expect(difference!.estimate).toBeCloseTo(0.055, 1);
  expect(judgePopulationStabilityOfBins(options).verdict).toBe('fail');
  expect(judgeKolmogorovSmirnovOfBins(options).verdict).toBe('fail');
});

it.each([
  [{ bounds: [1, 1], counts: [0, 0, 0] }, 'must be finite and ascend'],
  [{ bounds: [Infinity], counts: [0, 0] }, 'must be finite and ascend'],
  [{ bounds: [1], counts: [0] }, 'one bin more than bounds'],
  [{ bounds: [1], counts: [0, 0.5] }, 'must be a whole number from 0'],
])('refuses bins that cannot be: %j', (bins, message) => {
  for (const judge of judges) {
    expect(() => judge({ control: bins, candidate: bins, ...rule })).toThrow(
      message,
    );
  }
});

describe('for any values and bounds', () => {
  const values = fc.array(fc.integer({ min: 0, max: 60 }), {
    minLength: 1,
    maxLength: 120,
  });
  const bounds = fc
    .uniqueArray(fc.integer({ min: 0, max: 60 }), {
      minLength: 1,
      maxLength: 25,
    })
    .map(each => each.sort((a, b) => a - b));
  const options = { margin: 0.1, minimumSamples: 1 };

  it('the distance of bins is at most that of the values, and may be as large', () => {
    fc.assert(
      fc.property(values, values, bounds, (one, other, at) => {
        const raw = judgeKolmogorovSmirnov({
          control: one,
          candidate: other,
          ...options,
        }).difference!;
        const binned = judgeKolmogorovSmirnovOfBins({
          control: count(one, at),
          candidate: count(other, at),
          ...options,
        }).difference!;
        expect(binned.estimate).toBeLessThanOrEqual(raw.estimate + 1e-12);
        expect(binned.high).toBeGreaterThanOrEqual(raw.high - 1e-12);
      }),
      { numRuns: 500 },
    );
  });

  it('bounds at every value show the distance of the values, and their own tenths the index', () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const sides = { control: one, candidate: other };
        const every = [...new Set([...one, ...other])].sort((a, b) => a - b);
        expect(
          judgeKolmogorovSmirnovOfBins({
            control: count(one, every),
            candidate: count(other, every),
            ...options,
          }).difference!.estimate,
        ).toBeCloseTo(
          judgeKolmogorovSmirnov({ ...sides, ...options }).difference!.estimate,
          12,
        );
      }),
    );
    const { bins, index, expectedByChance } = populationStability(
      control,
      moved,
    );
    const tenths = bins.slice(0, -1).map(each => each.high);
    expect(
      judgePopulationStabilityOfBins({
        control: count(control, tenths),
        candidate: count(moved, tenths),
        ...rule,
      }).difference!.estimate,
    ).toBeCloseTo(index - expectedByChance, 12);
  });
});

it.each([
  // By 0.38 of the spread, a distance of 0.17 and an index of 0.29
  [0.09, 'pass', 0],
  [0, 'fail', 0.01],
] as const)(
  'scores that move by %d rarely %s, in 300 trials',
  (by, verdict, most) => {
    const random = seededRandom(20261122);
    const take = (size: number, shift: number) =>
      count(
        Array.from(
          { length: size },
          () => (random() + random() + random()) / 3 + shift,
        ),
        grid(40),
      );
    for (const judge of judges) {
      let times = 0;
      for (let i = 0; i < 300; i++) {
        const judged = judge({
          control: take(1000, 0),
          candidate: take(500, by),
          margin: 0.1,
          minimumSamples: 500,
        });
        times += judged.verdict === verdict ? 1 : 0;
      }
      expect(times / 300).toBeLessThanOrEqual(most);
    }
  },
);
