import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bootstrapInterval,
  differenceOfProportions,
  hodgesLehmannShift,
  kolmogorovSmirnov,
  mannWhitneyU,
  momentsOf,
  populationStability,
  quantile,
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
};

it('has thousands of cases, of every kind', () => {
  expect(cases.length).toBeGreaterThan(5_000);
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
