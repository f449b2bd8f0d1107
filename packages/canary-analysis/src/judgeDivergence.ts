import {
  assertJudgeOptions,
  DEFAULT_LEVEL,
  failureLevelEitherWay,
  INDIFFERENCE,
  judgeDifference,
  Judgement,
  JudgeOptions,
} from './judgement';
import { medianSide } from './judgeShift';
import { kolmogorovSmirnovDistance } from './kolmogorovSmirnov';
import { oneSidedQuantile, twoSidedQuantile } from './normal';
import { populationStability, stabilityOfCounts } from './populationStability';
import { isConstant, sorted } from './quantile';
import { Interval } from './types';

/** Values a side below which a stability index of ten bins says little: ten a bin. */
const FEWEST_FOR_STABILITY = 100;

/** Mean of Kolmogorov's distribution, `√(π/2) · ln 2`: how far apart chance alone brings two samples. */
const MEAN_OF_KOLMOGOROV = Math.sqrt(Math.PI / 2) * Math.LN2;

/** Two samples to be compared as a whole. */
type DivergenceOptions = JudgeOptions & {
  control: ArrayLike<number>;
  candidate: ArrayLike<number>;
};

/** How far two distributions lie apart, before anything is concluded. */
export interface Divergence {
  difference: Interval;
  /** Whether it is more than chance, for one of several judgements. */
  surelyWorse: boolean;
  /** What chance alone makes of the estimate. */
  chance: number;
}

/**
 * Judges the largest distance between two distribution functions (Kolmogorov-Smirnov, 0 to 1): it sees a shift, a spread
 * and a change of shape alike. 0.1 says that at some score the shares of the values below it differ by ten points.
 *
 * The interval is the distance plus and minus `√(ln(2 / (1 - level)) / 2 · (1/n + 1/m))`, the bound of Dvoretzky, Kiefer,
 * Wolfowitz and Massart for two samples: it holds whatever the distributions are, and is conservative with ties.
 *
 * - **pass**: it ends below the margin; or it reaches down to 0, the distance is at most half the margin more than
 *   what chance makes of it, and the interval ends below twice the margin.
 * - **fail**: it lies above 0 (at the level that the number of judgements asks for) and the distance beyond the margin.
 * - **inconclusive** otherwise, and always with too few samples or a side that never varies, unless that fails.
 *
 * The `value` of a side is its median.
 * Source: P. Massart, Annals of Probability 18 (1990) 1269-1283; F. Wei and R. M. Dudley, Statistics & Probability Letters 82
 * (2012) 636-644.
 * @throws InvalidSampleError for a value that is not finite, or a margin, a minimum or a level that cannot be.
 * @public
 */
export function judgeKolmogorovSmirnov(
  options: JudgeOptions & {
    control: ArrayLike<number>;
    candidate: ArrayLike<number>;
  },
): Judgement {
  return judgeDivergence(options, options.minimumSamples, (control, now) => {
    const estimate = kolmogorovSmirnovDistance(control, now);
    return distanceDivergence(options, {
      estimate,
      atMost: estimate,
      sizes: [control.length, now.length],
    });
  });
}

/**
 * What a distance says of two samples of these sizes.
 * @param found - `atMost`: how large the distance may be where only a part of it can be seen
 */
export function distanceDivergence(
  options: JudgeOptions,
  found: { estimate: number; atMost: number; sizes: [number, number] },
): Divergence {
  const { estimate, atMost, sizes } = found;
  const level = options.level ?? DEFAULT_LEVEL;
  const scale = Math.sqrt(1 / sizes[0] + 1 / sizes[1]);
  const reach = reachOf(level, scale);
  return {
    difference: {
      estimate,
      low: Math.max(0, estimate - reach),
      high: Math.min(1, atMost + reach),
      level,
    },
    surelyWorse: estimate > reachOf(failureLevelEitherWay(options), scale),
    chance: MEAN_OF_KOLMOGOROV * scale,
  };
}

/**
 * The fewest samples of the candidate with which {@link judgeKolmogorovSmirnov} can pass at all at the level 0.95, beside a
 * control without end.
 * @param options - `margin`: above 0, up to 1
 * @public
 */
export function fewestSamplesForDistance({
  margin,
}: {
  margin: number;
}): number {
  return Math.ceil((reachOf(DEFAULT_LEVEL, 1) / (INDIFFERENCE * margin)) ** 2);
}

/**
 * Judges the population stability index of a candidate's values against a control's, over ten bins that hold equal shares
 * of the control, see {@link populationStability}.
 *
 * **The estimate has what chance makes of so many values taken off** (`expectedByChance`), at least 0: the customary bounds of
 * 0.1 (worth a look) and 0.2 (has moved) suppose thousands of values, and so they keep their meaning with fewer. Its interval
 * is normal, with the variance of the index by the delta method and that of the χ² distribution which it follows
 * when nothing has moved; that it is more than chance is that χ² test. Pass and fail as
 * {@link judgeKolmogorovSmirnov} has them; fewer than 100 values a side are always too few.
 *
 * The `value` of a side is its median.
 * Source: B. Yurdakul and J. Naranjo, Statistical properties of the population stability index, Journal of Risk Model
 * Validation 14 (2020); quantiles of χ² after E. B. Wilson and M. M. Hilferty (1931).
 * @throws InvalidSampleError for a value that is not finite, or a margin, a minimum or a level that cannot be.
 * @public
 */
export function judgePopulationStability(
  options: JudgeOptions & {
    control: ArrayLike<number>;
    candidate: ArrayLike<number>;
  },
): Judgement {
  const fewest = fewestForStability(options);
  return judgeDivergence(options, fewest, (control, candidate) => {
    const { bins } = populationStability(control, candidate);
    return stabilityDivergence(
      options,
      bins.map(each => each.reference),
      bins.map(each => each.current),
    );
  });
}

/** How many values each side must have for a stability index to be judged. */
export function fewestForStability({ minimumSamples }: JudgeOptions): number {
  return Math.max(minimumSamples, FEWEST_FOR_STABILITY);
}

/** What the stability index of counts in the same bins says. */
export function stabilityDivergence(
  options: JudgeOptions,
  reference: readonly number[],
  current: readonly number[],
): Divergence {
  const level = options.level ?? DEFAULT_LEVEL;
  const { index, expectedByChance } = stabilityOfCounts(reference, current);
  const degrees = reference.length - 1;
  const unit = expectedByChance / degrees;
  const estimate = Math.max(0, index - expectedByChance);
  const reach =
    twoSidedQuantile(level) *
    Math.sqrt(2 * degrees * unit ** 2 + varianceOfIndex(reference, current));
  return {
    difference: {
      estimate,
      low: Math.max(0, estimate - reach),
      high: estimate + reach,
      level,
    },
    surelyWorse:
      index / unit > chiSquareQuantile(failureLevelEitherWay(options), degrees),
    chance: 0,
  };
}

function judgeDivergence(
  options: DivergenceOptions,
  fewest: number,
  compare: (control: Float64Array, candidate: Float64Array) => Divergence,
): Judgement {
  assertJudgeOptions(options);
  const control = sorted(options.control);
  const candidate = sorted(options.candidate);
  const sides = {
    control: medianSide(control),
    candidate: medianSide(candidate),
  };
  if (control.length === 0 || candidate.length === 0) {
    return noSignal(sides);
  }
  return decideDivergence(options, {
    sides,
    fewest,
    divergence: compare(control, candidate),
    unfit:
      isConstant(control) || isConstant(candidate)
        ? 'constant-series'
        : undefined,
  });
}

/**
 * The verdict on how far two distributions lie apart.
 * @param found - `unfit`: why the data could not tell that they are the same
 */
export function decideDivergence(
  { margin }: JudgeOptions,
  found: {
    sides: Pick<Judgement, 'control' | 'candidate'>;
    fewest: number;
    divergence: Divergence;
    unfit: Judgement['reason'] | undefined;
  },
): Judgement {
  const { sides, fewest, divergence, unfit } = found;
  const { difference, surelyWorse, chance } = divergence;
  const unclear = (reason: Judgement['reason']): Judgement => ({
    verdict: 'inconclusive',
    reason,
    difference,
    ...sides,
  });
  if (Math.min(sides.control.samples, sides.candidate.samples) < fewest) {
    return unclear('too-few-samples');
  }
  if (surelyWorse && difference.estimate > margin) {
    return { verdict: 'fail', reason: 'beyond-margin', difference, ...sides };
  }
  if (unfit) {
    return unclear(unfit);
  }
  const judged = judgeDifference(
    { ...difference, estimate: difference.estimate - chance },
    margin,
    false,
  );
  return { ...judged, difference, ...sides };
}

/** The judgement where a side has nothing. */
export function noSignal(
  sides: Pick<Judgement, 'control' | 'candidate'>,
): Judgement {
  return {
    verdict: 'inconclusive',
    reason: 'no-signal',
    difference: null,
    ...sides,
  };
}

/** How far the distance of two samples may lie from that of what they come from. */
function reachOf(level: number, scale: number): number {
  return Math.sqrt(Math.log(2 / (1 - level)) / 2) * scale;
}

/** Variance of a stability index of counts by the delta method; 0 where nothing has moved. */
function varianceOfIndex(
  reference: readonly number[],
  current: readonly number[],
): number {
  const p = sharesOf(reference);
  const q = sharesOf(current);
  const variance = (shares: number[], slopes: number[], samples: number) => {
    const mean = shares.reduce((sum, each, i) => sum + each * slopes[i], 0);
    return (
      shares.reduce((sum, each, i) => sum + each * (slopes[i] - mean) ** 2, 0) /
      samples
    );
  };
  const total = (counts: readonly number[]) =>
    counts.reduce((sum, each) => sum + each, 0);
  return (
    variance(
      p,
      p.map((each, i) => Math.log(each / q[i]) + 1 - q[i] / each),
      total(reference),
    ) +
    variance(
      q,
      q.map((each, i) => Math.log(each / p[i]) + 1 - p[i] / each),
      total(current),
    )
  );
}

/** Shares with half a value added to every bin, as the index has them. */
function sharesOf(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, each) => sum + each + 0.5, 0);
  return counts.map(each => (each + 0.5) / total);
}

/** What a χ² variable stays below with a probability; off by less than 1 % from 5 degrees of freedom. */
function chiSquareQuantile(probability: number, degrees: number): number {
  const part = 2 / (9 * degrees);
  return (
    degrees *
    Math.max(0, 1 - part + oneSidedQuantile(probability) * Math.sqrt(part)) ** 3
  );
}
