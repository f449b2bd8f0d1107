import {
  MetricAnalysis,
  RolloutPlan,
} from '@slipway/backstage-plugin-model-delivery-common';
import { VersionSignals } from '@slipway/backstage-plugin-model-delivery-node';
import {
  judgeDistribution,
  Judgement,
  judgeProportion,
} from '@slipway/canary-analysis';
import { listing, percent, round } from '../words';

/** How far an interval that passes may reach, as a multiple of the margin: to the end of the zone of indifference. */
const LARGEST_PASSED = 2;

type MetricVerdict = MetricAnalysis['verdict'];
type PlanMetric = RolloutPlan['metrics'][number];

/** What both sides did during a step. */
export interface StepSignals {
  candidate: VersionSignals;
  control: VersionSignals;
}

/** How a step was judged. */
export interface StepJudgement {
  verdict: MetricAnalysis['verdict'];
  analysis: MetricAnalysis[];
  /** Answers of the candidate. */
  samples: number;
}

/**
 * Judges a step by every metric of the plan. Any failure fails it; short of that, anything inconclusive makes it
 * inconclusive, and so does a plan without metrics. Pure.
 */
export function judgeStep(
  metrics: PlanMetric[],
  minimumSamples: number,
  signals: StepSignals,
): StepJudgement {
  const analysis = metrics.map(metric =>
    analyse(metric, Math.max(1, minimumSamples), signals),
  );
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
    : listing(telling.map(each => each.explanation));
}

function analyse(
  metric: PlanMetric,
  minimumSamples: number,
  { candidate, control }: StepSignals,
): MetricAnalysis {
  const isProportion = metric.kind === 'proportion';
  const judged = isProportion
    ? judgeProportion({
        control: { count: control.errors, samples: control.requests },
        candidate: { count: candidate.errors, samples: candidate.requests },
        margin: metric.margin,
        minimumSamples,
      })
    : judgeDistribution({
        control: control.latencies,
        candidate: candidate.latencies,
        margin: metric.margin,
        minimumSamples,
      });
  const blur = isProportion ? 0 : blurOf(candidate, control);
  const judgement = isBlurred(judged, metric.margin, blur)
    ? { ...judged, verdict: 'inconclusive' as const }
    : judged;
  const side = (of: Judgement['control'], signals: VersionSignals) => ({
    value: of.value,
    samples: of.samples,
    ...(isProportion && { count: signals.errors }),
  });
  return {
    metric: metric.name,
    title: metric.title,
    kind: metric.kind,
    unit: metric.unit,
    control: side(judgement.control, control),
    candidate: side(judgement.candidate, candidate),
    difference: judgement.difference,
    margin: metric.margin,
    verdict: judgement.verdict,
    explanation:
      judgement === judged
        ? explain(metric, judgement, minimumSamples)
        : `${metric.title.toLocaleLowerCase(
            'en-US',
          )} is only known to within ${round(
            blur,
            1,
          )} ms, by buckets that are too wide for a margin of ${round(
            metric.margin,
            1,
          )} ms`,
  };
}

/**
 * How far the difference between two latencies may be off, in milliseconds: samples that are spread over a bucket lie on
 * average at most half its width away from where they were.
 */
function blurOf(candidate: VersionSignals, control: VersionSignals): number {
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

function explain(
  metric: PlanMetric,
  { reason, control, candidate, difference }: Judgement,
  minimumSamples: number,
): string {
  const say = (value: number | null) => {
    if (value === null) {
      return 'no data';
    }
    return metric.kind === 'proportion'
      ? percent(value)
      : `${round(value, 1)} ms`;
  };
  const title = metric.title.toLocaleLowerCase('en-US');
  const shift = (value: number) =>
    metric.kind === 'proportion'
      ? `${value > 0 ? '+' : ''}${round(value * 100, 2)} points`
      : `${value > 0 ? '+' : ''}${round(value, 1)} ms`;
  const compared = difference
    ? `${title} differs by ${shift(difference.estimate)} (${shift(
        difference.low,
      )} to ${shift(difference.high)})`
    : title;
  switch (reason) {
    case 'within-margin':
      return `${compared}, within the margin of ${shift(metric.margin)}`;
    case 'beyond-margin':
      return `${title} is ${say(candidate.value)} against ${say(
        control.value,
      )}: ${compared}, beyond the margin of ${shift(metric.margin)}`;
    case 'no-signal':
      return `${title}: ${
        candidate.samples === 0 ? 'the candidate' : 'the control'
      } answered nothing`;
    case 'too-few-samples':
      return `${title}: ${round(
        Math.min(candidate.samples, control.samples),
        0,
      )} samples of the ${round(minimumSamples, 0)} that are needed`;
    case 'constant-series':
      return `${title}: the values never vary, so they measure nothing`;
    default:
      return `${compared}, which neither shows it within the margin of ${shift(
        metric.margin,
      )} nor beyond it`;
  }
}
