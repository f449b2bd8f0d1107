import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bootstrapInterval,
  differenceOfProportions,
  hodgesLehmannShift,
  judgeKolmogorovSmirnov,
  Judgement,
  judgePopulationStability,
  judgeShift,
  kolmogorovSmirnov,
  mannWhitneyU,
  momentsOf,
  populationStability,
  quantile,
  RandomSource,
  samplesToDetect,
  seededRandom,
  sequentialMeans,
  sequentialProportions,
  stabilityOfCounts,
  wilsonInterval,
} from './index';

/** What SciPy answers for generated cases, see `scripts/generateCases.py`. */
const cases: Record<string, any>[] = readFileSync(
  join(__dirname, 'fixtures', 'scipyCases.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map(line => JSON.parse(line));

const proportion = ([count, samples]: [number, number]) => ({ count, samples });

/** How far a number may be off: by a share of what is expected, or absolutely where that is more. */
function near(actual: number, expected: number, share = 1e-9, least = 1e-11) {
  return (
    Math.abs(actual - expected) <= Math.max(least, share * Math.abs(expected))
  );
}

/** How scores may lie, as `generateCases.py` has it: by operations that give the same bits everywhere. */
const SCORE_SHAPES: Record<string, (draw: RandomSource) => number> = {
  even: draw => draw(),
  skewed: draw => {
    const u = draw();
    return u * u * u;
  },
  bell: draw => draw() + draw() + draw(),
  labels: draw => Math.floor(draw() * 4),
  rounded: draw => Math.floor(draw() * 30) / 100,
  'mostly-none': draw => {
    const u = draw();
    return u < 0.3 ? u : 0;
  },
  constant: () => 0.4,
};

function scoresOf(
  seed: number,
  side: { shape: string; samples: number; shift: number; spread: number },
): number[] {
  const draw = seededRandom(seed);
  return Array.from(
    { length: side.samples },
    () => SCORE_SHAPES[side.shape](draw) * side.spread + side.shift,
  );
}

/** What is wrong with the answers to a case; nothing when they are as SciPy's. */
type Check = (each: any) => [what: string, actual: number, isRight: boolean][];

const checks: Record<string, Check> = {
  wilson: ({ count, samples, level, interval: [low, high] }) => {
    const ours = wilsonInterval({ count, samples }, level);
    return [
      ['low', ours.low, near(ours.low, low, 1e-9, 1e-15)],
      ['high', ours.high, near(ours.high, high)],
    ];
  },
  difference: ({ control, candidate, level, interval: [low, high] }) => {
    const ours = differenceOfProportions(
      proportion(control),
      proportion(candidate),
      level,
    );
    return [
      ['low', ours.low, near(ours.low, low)],
      ['high', ours.high, near(ours.high, high)],
    ];
  },
  rank: each => {
    const { control, candidate } = each;
    const test = mannWhitneyU(control, candidate);
    const shift = hodgesLehmannShift(control, candidate, each.level);
    const [low, high] = each.interval ?? [-Infinity, Infinity];
    const at = quantile(candidate, each.probability)!;
    return [
      ['u', test.u, test.u === each.u],
      ['p-value', test.pValue, near(test.pValue, each.pValue, 1e-9, 1e-14)],
      ['shift', shift.estimate, near(shift.estimate, each.shift)],
      ['low', shift.low, shift.low === low || near(shift.low, low)],
      ['high', shift.high, shift.high === high || near(shift.high, high)],
      ['quantile', at, near(at, each.quantile)],
    ];
  },
  smirnov: ({ reference, current, statistic, pValue }) => {
    const ours = kolmogorovSmirnov(reference, current);
    return [
      ['statistic', ours.statistic, near(ours.statistic, statistic)],
      ['p-value', ours.pValue, near(ours.pValue, pValue, 1e-8, 1e-300)],
      ['exact', ours.pValue, ours.method === 'exact'],
    ];
  },
  largeSmirnov: ({ n, m, step, offset, statistic, pValue }) => {
    const ours = kolmogorovSmirnov(
      Array.from({ length: n }, (_, i) => i),
      Array.from({ length: m }, (_, i) => offset + step * i),
    );
    return [
      ['statistic', ours.statistic, near(ours.statistic, statistic)],
      // Two approximations of the same limit
      ['p-value', ours.pValue, near(ours.pValue, pValue, 0.02, 0.002)],
      ['asymptotic', ours.pValue, ours.method === 'asymptotic'],
    ];
  },
  stability: ({ bins, reference, current, before, after, index }) => {
    const ours = populationStability(reference, current, { bins });
    const counted = stabilityOfCounts(before, after);
    const isSame = ours.bins.every(
      (bin, i) => bin.reference === before[i] && bin.current === after[i],
    );
    return [
      ['index', ours.index, near(ours.index, index)],
      ['index of counts', counted.index, near(counted.index, index)],
      ['bins', ours.bins.length, isSame && ours.bins.length === bins],
    ];
  },
  bootstrap: ({ values, statistic, level, interval: [low, high] }) => {
    const ours = bootstrapInterval(values, {
      random: seededRandom(20261121),
      resamples: 20_000,
      level,
      ...(statistic === 'median' && {
        statistic: resample => quantile(resample, 0.5)!,
      }),
    });
    // Both drew at random. A median jumps from value to value, by a fifth of the width in the smallest samples
    const slack = (statistic === 'median' ? 0.2 : 0.025) * (high - low);
    return [
      ['low', ours.low, near(ours.low, low, 0, slack)],
      ['high', ours.high, near(ours.high, high, 0, slack)],
    ];
  },
  moments: ({ values, mean, variance }) => {
    const ours = momentsOf(values);
    return [
      ['mean', ours.mean, near(ours.mean, mean, 1e-12)],
      ['variance', ours.variance, near(ours.variance, variance, 2e-6)],
    ];
  },
  sequentialMeans: ({ pValue, width, ...options }) => {
    const ours = sequentialMeans(options);
    const { estimate, low, high } = ours.difference;
    return [
      ['p-value', ours.pValue, near(ours.pValue, pValue, 1e-7, 1e-300)],
      ['low', low, near(estimate - low, width, 1e-7)],
      ['high', high, near(high - estimate, width, 1e-7)],
    ];
  },
  sequentialProportions: ({ control, candidate, nullDifference, pValue }) => {
    const ours = sequentialProportions({
      control: proportion(control),
      candidate: proportion(candidate),
      nullDifference,
    });
    return [['p-value', ours.pValue, near(ours.pValue, pValue, 1e-6, 1e-300)]];
  },
  power: ({ samples, ...options }) => {
    const ours = samplesToDetect(options);
    return [
      ['samples', ours, near(ours, Math.max(1, Math.ceil(samples)), 1e-9)],
    ];
  },
  scores: ({ seed, rule, medians, ...each }) => {
    const control = scoresOf(seed, each.control);
    const candidate = scoresOf((seed + 1) % 2 ** 32, each.candidate);
    const compare = (
      name: string,
      { reason, difference, ...sides }: Judgement,
    ): ReturnType<Check> => {
      const expected = each[name];
      const [estimate, low, high] = expected.difference ?? [];
      const is = (actual: number, right: number) =>
        near(actual, right, 1e-8, 1e-10);
      return [
        [`${name}: ${reason}`, NaN, reason === expected.reason],
        ...(expected.difference
          ? ([
              ['estimate', difference!.estimate, estimate],
              ['low', difference!.low, low],
              ['high', difference!.high, high],
              ['median of the control', sides.control.value!, medians[0]],
              ['median of the candidate', sides.candidate.value!, medians[1]],
            ] as const)
          : []
        ).map(([what, actual, right]): [string, number, boolean] => [
          `${name}: ${what}`,
          actual,
          is(actual, right),
        ]),
      ];
    };
    const sides = { control, candidate, ...rule };
    return [
      ...compare('shift', judgeShift(sides)),
      ...compare('distance', judgeKolmogorovSmirnov(sides)),
      ...compare('stability', judgePopulationStability(sides)),
    ];
  },
};

it('has thousands of cases, of every kind', () => {
  expect(cases.length).toBeGreaterThan(6_500);
  expect([...new Set(cases.map(({ test }) => test))].sort()).toEqual(
    Object.keys(checks).sort(),
  );
});

it.each(Object.keys(checks))('agrees with SciPy on every case of %s', kind => {
  const wrong = cases
    .filter(({ test }) => test === kind)
    .flatMap(each =>
      checks[kind](each)
        .filter(([, , isRight]) => !isRight)
        .map(([what, actual]) => ({ what, actual, each })),
    );
  expect(wrong).toEqual([]);
});
