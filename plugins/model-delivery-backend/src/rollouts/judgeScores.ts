import {
  judgeKolmogorovSmirnov,
  judgeKolmogorovSmirnovOfBins,
  judgePopulationStability,
  judgePopulationStabilityOfBins,
  judgeProportion,
  judgeShift,
  judgeShiftOfBins,
  Judgement,
} from '@slipway/canary-analysis';
import { VersionSignals } from '@slipway/backstage-plugin-model-delivery-node';
import { percent } from '../words';
import { PlanMetric, StepSignals } from './analyseMetric';

const JUDGES = {
  shift: judgeShift,
  distance: judgeKolmogorovSmirnov,
  stability: judgePopulationStability,
};

/** The same where only bins of the scores are known. */
const JUDGES_OF_BINS = {
  shift: judgeShiftOfBins,
  distance: judgeKolmogorovSmirnovOfBins,
  stability: judgePopulationStabilityOfBins,
};
const NO_BINS = { bounds: [], counts: [0] };

/** A metric of the scores. */
type ScoreMetric = PlanMetric & { kind: keyof typeof JUDGES };

/** How many more answers of the candidate than of the control may be without a score, as a share. */
const MORE_MISSING = 0.1;

/** Whether a metric is one of the scores. */
export function isOfScores(metric: PlanMetric): metric is ScoreMetric {
  return metric.kind in JUDGES;
}

/** Judges the scores of candidate and control by a metric. What has none is no signal. Pure. */
export function judgeScores(
  metric: ScoreMetric,
  options: { minimumSamples: number; judgements: number },
  { candidate, control }: StepSignals,
): Judgement {
  const asked = { margin: metric.margin, ...options };
  return control.scoreBins || candidate.scoreBins
    ? JUDGES_OF_BINS[metric.kind]({
        control: control.scoreBins ?? NO_BINS,
        candidate: candidate.scoreBins ?? NO_BINS,
        ...asked,
      })
    : JUDGES[metric.kind]({
        control: control.scores ?? [],
        candidate: candidate.scores ?? [],
        ...asked,
      });
}

/**
 * Why the scores that there are do not speak for the version: surely more answers of the candidate than of the control have
 * none, and those that are missing may be the bad ones. Undefined where that is not so, or not known. Pure.
 */
export function whyUnspoken({
  candidate,
  control,
}: StepSignals): string | undefined {
  const [now, before] = [candidate, control].map(missingOf);
  if (!now || !before) {
    return undefined;
  }
  const { verdict } = judgeProportion({
    candidate: now,
    control: before,
    margin: MORE_MISSING,
    minimumSamples: 1,
  });
  const share = ({ count, samples }: { count: number; samples: number }) =>
    percent(count / samples);
  return verdict === 'fail'
    ? `${share(now)} of the candidate's answers have no score, against ${share(
        before,
      )} of the control's`
    : undefined;
}

function missingOf({ requests, errors, scored }: VersionSignals) {
  const samples = requests - errors;
  return scored === undefined || samples <= 0
    ? undefined
    : { count: Math.max(0, samples - scored), samples };
}
