import {
  MetricAnalysis,
  RolloutPlan,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  judgeDistribution,
  Judgement,
  judgeProportion,
} from '@slipway/canary-analysis';
import { listing, round } from '../words';
import {
  metricWords,
  PlanMetric,
  StepJudgement,
  StepSignals,
  toAnalysis,
} from './analyseMetric';
import { isOfScores, judgeScores, whyUnspoken } from './judgeScores';

/** How far an interval that passes may reach, as a multiple of the margin: to the end of the zone of indifference. */
const LARGEST_PASSED = 2;

/** Latencies and scores that a metrics source gives at most, see `VersionSignals`. */
const MOST_VALUES = 5_000;
/** Of them that may be missing among the answered requests, since sources count them apart. */
const VALUES_MISSING = 0.1;

type MetricVerdict = MetricAnalysis['verdict'];

/**
 * Judges a step by every metric of the plan. Any failure fails it; short of that, anything inconclusive makes it
 * inconclusive, and so does a plan without metrics. Pure.
 */
export function judgeStep(
  plan: Pick<RolloutPlan, 'steps' | 'metrics'>,
  minimumSamples: number,
  signals: StepSignals,
): StepJudgement {
  return judgeSignals(
    plan.metrics,
    { minimumSamples, judgements: plan.steps.length * plan.metrics.length },
    signals,
  );
}

/**
 * Judges what was measured by every metric, as one of so many judgements among which the chance of an error is divided.
 * Pure.
 */
export function judgeSignals(
  metrics: PlanMetric[],
  asked: { minimumSamples: number; judgements: number },
  signals: StepSignals,
): StepJudgement {
  const options = {
    minimumSamples: Math.max(1, asked.minimumSamples),
    judgements: Math.max(1, asked.judgements),
  };
  const analysis = metrics.map(metric => analyse(metric, options, signals));
  return {
    verdict: verdictOf(analysis.map(each => each.verdict)),
    analysis,
    samples: signals.candidate.requests,
  };
}

function verdictOf(verdicts: MetricVerdict[]): MetricVerdict {
  if (verdicts.includes('fail')) {
    return 'fail';
  }
  return verdicts.length === 0 || verdicts.includes('inconclusive')
    ? 'inconclusive'
    : 'pass';
}

/** Says a step's judgement in one sentence, worst first. */
export function describeJudgement({
  verdict,
  analysis,
}: StepJudgement): string {
  const telling = analysis.filter(each => each.verdict === verdict);
  return telling.length === 0
    ? 'there was nothing to judge it by'
    : listing([...new Set(telling.map(each => each.explanation))]);
}

function analyse(
  metric: PlanMetric,
  options: { minimumSamples: number; judgements: number },
  signals: StepSignals,
): MetricAnalysis {
  const judgement = judge(metric, options, signals);
  const unspoken = isOfScores(metric) ? whyUnspoken(signals) : undefined;
  if (unspoken) {
    return toAnalysis(
      metric,
      { ...judgement, verdict: 'inconclusive' },
      signals,
      unspoken,
    );
  }
  const blur = metric.kind === 'distribution' ? blurOf(signals) : 0;
  return isBlurred(judgement, metric.margin, blur)
    ? toAnalysis(
        metric,
        { ...judgement, verdict: 'inconclusive' },
        signals,
        `${metricWords(metric).title} is only known to within ${round(
          blur,
          1,
        )} ms, by buckets that are too wide for a margin of ${round(
          metric.margin,
          1,
        )} ms`,
      )
    : toAnalysis(
        metric,
        judgement,
        signals,
        explain(metric, judgement, options.minimumSamples),
      );
}

function judge(
  metric: PlanMetric,
  options: { minimumSamples: number; judgements: number },
  signals: StepSignals,
): Judgement {
  const { margin } = metric;
  const { candidate, control } = signals;
  const ofValues = {
    ...options,
    minimumSamples: valuesNeeded(options.minimumSamples, signals),
  };
  if (isOfScores(metric)) {
    return judgeScores(metric, ofValues, signals);
  }
  return metric.kind === 'proportion'
    ? judgeProportion({
        control: { count: control.errors, samples: control.requests },
        candidate: { count: candidate.errors, samples: candidate.requests },
        margin,
        ...options,
      })
    : judgeDistribution({
        control: control.latencies,
        candidate: candidate.latencies,
        margin,
        ...ofValues,
      });
}

/**
 * How many latencies, or scores, each side must have. A step demands requests; where both sides have had them, no more
 * can be asked for than were answered, nor than a source gives.
 */
function valuesNeeded(
  minimumSamples: number,
  { candidate, control }: StepSignals,
): number {
  if (Math.min(candidate.requests, control.requests) < minimumSamples) {
    return minimumSamples;
  }
  const answered = Math.min(
    candidate.requests - candidate.errors,
    control.requests - control.errors,
  );
  return Math.max(
    1,
    Math.ceil(
      Math.min(minimumSamples, MOST_VALUES, (1 - VALUES_MISSING) * answered),
    ),
  );
}

/**
 * How far the difference between two latencies may be off, in milliseconds: samples that are spread over a bucket lie on
 * average at most half its width away from where they were.
 */
function blurOf({ candidate, control }: StepSignals): number {
  return (
    ((candidate.latencyResolution ?? 0) + (control.latencyResolution ?? 0)) / 2
  );
}

/** Whether a verdict would not stand if the difference was off by so much. */
function isBlurred(
  { verdict, difference }: Judgement,
  margin: number,
  blur: number,
): boolean {
  if (!(blur > 0) || !difference || verdict === 'inconclusive') {
    return false;
  }
  return verdict === 'pass'
    ? !(difference.high + blur < LARGEST_PASSED * margin)
    : !(difference.low - blur > 0 && difference.estimate - blur > margin);
}

/** Whether all of the interval lies within the margin, on whichever side counts. */
function isWithin(
  { kind, margin }: PlanMetric,
  { low, high }: NonNullable<Judgement['difference']>,
): boolean {
  return high < margin && (kind !== 'shift' || low > -margin);
}

function explain(
  metric: PlanMetric,
  { reason, control, candidate, difference }: Judgement,
  minimumSamples: number,
): string {
  const words = metricWords(metric);
  const { title } = words;
  const compared = words.difference(difference);
  const margin = words.margin(metric.margin);
  switch (reason) {
    case 'within-margin':
      return difference && isWithin(metric, difference)
        ? `${compared}, within the margin of ${margin}`
        : `${compared}: no sign of harm, and surely less than ${words.margin(
            LARGEST_PASSED * metric.margin,
          )}, twice the margin`;
    case 'beyond-margin':
      // Where the scores as a whole differ, their medians explain nothing
      return metric.kind === 'distance' || metric.kind === 'stability'
        ? `${compared}, beyond the margin of ${margin}`
        : `${words.valueTitle} is ${words.value(
            candidate.value,
          )} against ${words.value(
            control.value,
          )}: ${compared}, beyond the margin of ${margin}`;
    case 'no-signal':
      return `${title}: ${
        candidate.samples === 0 ? 'the candidate' : 'the control'
      } ${isOfScores(metric) ? 'gave none' : 'answered nothing'}`;
    case 'too-few-samples':
      return `${title}: ${round(
        Math.min(candidate.samples, control.samples),
        0,
      )} samples of the ${round(minimumSamples, 0)} that are needed`;
    case 'constant-series':
      return `${title}: the values ${
        metric.kind === 'shift' ? 'hardly ever' : 'never'
      } vary, so they measure nothing`;
    case 'too-coarse':
      return `${
        difference ? `${compared}, but ${title}` : title
      } are only known by buckets, which are too wide for a margin of ${margin}`;
    default:
      return `${compared}, which neither shows it within the margin of ${margin} nor beyond it`;
  }
}
