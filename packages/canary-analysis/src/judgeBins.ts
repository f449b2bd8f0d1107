import {
  alignBins,
  AlignedBins,
  assertBins,
  atBounds,
  BinnedValues,
  quantileOfBins,
  resolutionOf,
  spreadOverBins,
  totalOf,
} from './bins';
import {
  decideDivergence,
  distanceDivergence,
  fewestForStability,
  noSignal,
  stabilityDivergence,
} from './judgeDivergence';
import {
  assertJudgeOptions,
  INDIFFERENCE,
  JudgedSide,
  Judgement,
  JudgeOptions,
} from './judgement';
import { judgeShift } from './judgeShift';

/** Two sides of which only bins are known. */
type BinnedOptions = JudgeOptions & {
  control: BinnedValues;
  candidate: BinnedValues;
};

/** Bins that a stability index has at most, as that of single values. */
const STABILITY_BINS = 10;
/** How much of either side one bin may hold for a stability index to pass: twice what a bin of its own making holds. */
const LARGEST_SHARE = 0.2;

/**
 * {@link judgeShift} of values of which only their bins are known.
 *
 * Values are spread evenly over their bins, 5,000 at most. How far that may be off is taken as the mean of both sides' widest
 * bins among those of the middle 90 %, as a share of the spread of the control; the interval is that much wider on both ends.
 * It passes and fails as {@link judgeShift} does where that stands with the wider interval as well; where the bins are
 * wider than the margin it never passes (`too-coarse`). A bin without a bound on one side has no width, so what matters
 * has to lie between bounds.
 * @throws InvalidSampleError for bins, a margin, a minimum or a level that cannot be.
 * @public
 */
export function judgeShiftOfBins(
  options: JudgeOptions & { control: BinnedValues; candidate: BinnedValues },
): Judgement {
  const sides = sidesOf(options);
  if (sides.control.samples === 0 || sides.candidate.samples === 0) {
    return noSignal(sides);
  }
  if (
    options.control.bounds.length === 0 ||
    options.candidate.bounds.length === 0
  ) {
    return {
      verdict: 'inconclusive',
      reason: 'too-coarse',
      difference: null,
      ...sides,
    };
  }
  const { margin, minimumSamples } = options;
  const values = {
    control: spreadOverBins(options.control),
    candidate: spreadOverBins(options.candidate),
  };
  const judged = {
    ...judgeShift({
      ...options,
      ...values,
      minimumSamples: Math.min(minimumSamples, mostOf(values)),
    }),
    ...sides,
  };
  const { difference } = judged;
  if (
    Math.min(sides.control.samples, sides.candidate.samples) < minimumSamples
  ) {
    return { ...judged, verdict: 'inconclusive', reason: 'too-few-samples' };
  }
  if (!difference) {
    return judged;
  }
  const spread =
    quantileOfBins(options.control, 0.75)! -
    quantileOfBins(options.control, 0.25)!;
  const blur =
    (resolutionOf(options.control) + resolutionOf(options.candidate)) /
    2 /
    spread;
  if (!Number.isFinite(blur)) {
    return { ...judged, verdict: 'inconclusive', reason: 'too-coarse' };
  }
  const { estimate } = difference;
  const wider = {
    ...difference,
    low: difference.low - blur,
    high: difference.high + blur,
  };
  const stands =
    judged.verdict === 'pass'
      ? blur <= margin &&
        Math.max(-wider.low, wider.high) < margin * INDIFFERENCE
      : Math.abs(estimate) - blur > margin && (wider.low > 0 || wider.high < 0);
  return judged.verdict === 'inconclusive' || stands
    ? { ...judged, difference: wider }
    : {
        ...judged,
        difference: wider,
        verdict: 'inconclusive',
        reason: 'too-coarse',
      };
}

/**
 * {@link judgeKolmogorovSmirnov} of values of which only their bins are known.
 *
 * The distance is the largest at any bound that both sides have, so what is found there is there for certain. Between two
 * bounds it may be larger, by what lies in the bin; the interval ends where it could be at most. So a version whose scores moved
 * within a bin is not taken for one whose scores did not move: bins that hold about the margin or more do not pass.
 * @throws InvalidSampleError for bins, a margin, a minimum or a level that cannot be.
 * @public
 */
export function judgeKolmogorovSmirnovOfBins(
  options: JudgeOptions & { control: BinnedValues; candidate: BinnedValues },
): Judgement {
  const sides = sidesOf(options);
  if (sides.control.samples === 0 || sides.candidate.samples === 0) {
    return noSignal(sides);
  }
  const { estimate, atMost } = distancesOf(
    alignBins(options.control, options.candidate),
  );
  const divergence = distanceDivergence(options, {
    estimate,
    atMost,
    sizes: [sides.control.samples, sides.candidate.samples],
  });
  const { low, high } = divergence.difference;
  const judged = decideDivergence(options, {
    sides,
    fewest: options.minimumSamples,
    divergence,
    unfit: undefined,
  });
  // The bins alone are to blame where it would have passed without what they may hide
  return judged.verdict === 'inconclusive' &&
    judged.reason === 'straddles-margin' &&
    low === 0 &&
    high - (atMost - estimate) < INDIFFERENCE * options.margin
    ? { ...judged, reason: 'too-coarse' }
    : judged;
}

/**
 * {@link judgePopulationStability} of values of which only their bins are known.
 *
 * The bounds that both sides have are put together to at most ten bins that hold, as nearly as they allow, equal shares of the
 * control. Wider bins show less of a move, never more; where one of the bins holds more than a fifth of a side, it does not pass
 * (`too-coarse`).
 * @throws InvalidSampleError for bins, a margin, a minimum or a level that cannot be.
 * @public
 */
export function judgePopulationStabilityOfBins(
  options: JudgeOptions & { control: BinnedValues; candidate: BinnedValues },
): Judgement {
  const sides = sidesOf(options);
  if (sides.control.samples === 0 || sides.candidate.samples === 0) {
    return noSignal(sides);
  }
  const aligned = alignBins(options.control, options.candidate);
  const ends = equalShares(aligned);
  if (ends.length === 0) {
    return {
      verdict: 'inconclusive',
      reason: 'too-coarse',
      difference: null,
      ...sides,
    };
  }
  return decideDivergence(options, {
    sides,
    fewest: fewestForStability(options),
    divergence: stabilityDivergence(
      options,
      atBounds(aligned.control, ends).counts,
      atBounds(aligned.candidate, ends).counts,
    ),
    unfit: [aligned.control, aligned.candidate].some(
      each => Math.max(...each.counts) > LARGEST_SHARE * totalOf(each),
    )
      ? 'too-coarse'
      : undefined,
  });
}

/** The largest distance of two distribution functions at their bounds, and how large it may be between them. */
function distancesOf({ control, candidate }: AlignedBins): {
  estimate: number;
  atMost: number;
} {
  const totals = [totalOf(control), totalOf(candidate)];
  let estimate = 0;
  let atMost = 0;
  let [before, now] = [0, 0];
  control.counts.forEach((count, i) => {
    const [beforeAbove, nowAbove] = [
      before + count / totals[0],
      now + candidate.counts[i] / totals[1],
    ];
    atMost = Math.max(atMost, beforeAbove - now, nowAbove - before);
    [before, now] = [beforeAbove, nowAbove];
    estimate = Math.max(
      estimate,
      i < control.bounds.length ? Math.abs(before - now) : 0,
    );
  });
  return { estimate, atMost: Math.max(estimate, Math.min(1, atMost)) };
}

/** The bounds that come nearest to the control's tenths; each once, with some of the control on both sides. */
function equalShares({ bounds, control }: AlignedBins): number[] {
  const total = totalOf(control);
  let below = 0;
  const shares = bounds.map((_, i) => {
    below += control.counts[i];
    return below / total;
  });
  const nearest = Array.from({ length: STABILITY_BINS - 1 }, (_, i) => {
    const wanted = (i + 1) / STABILITY_BINS;
    return shares.reduce(
      (best, share, at) =>
        Math.abs(share - wanted) < Math.abs(shares[best] - wanted) ? at : best,
      0,
    );
  });
  return [...new Set(nearest)]
    .filter(at => shares[at] > 0 && shares[at] < 1)
    .map(at => bounds[at]);
}

function sidesOf(
  options: BinnedOptions,
): Pick<Judgement, 'control' | 'candidate'> {
  assertJudgeOptions(options);
  const side = (bins: BinnedValues): JudgedSide => {
    assertBins(bins);
    return { value: quantileOfBins(bins, 0.5), samples: totalOf(bins) };
  };
  return { control: side(options.control), candidate: side(options.candidate) };
}

/** How many values each side has at least. */
function mostOf(values: { control: number[]; candidate: number[] }): number {
  return Math.max(1, Math.min(values.control.length, values.candidate.length));
}
