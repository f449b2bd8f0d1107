import {
  MetricAnalysis,
  RolloutPlan,
} from '@slipway/backstage-plugin-model-delivery-common';
import { VersionSignals } from '@slipway/backstage-plugin-model-delivery-node';
import { Judgement } from '@slipway/canary-analysis';
import { percent, round } from '../words';

/** A metric that a rollout is judged by. */
export type PlanMetric = RolloutPlan['metrics'][number];

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

/** A metric's judgement as the API shows it. Pure. */
export function toAnalysis(
  metric: PlanMetric,
  judgement: Pick<
    Judgement,
    'verdict' | 'difference' | 'control' | 'candidate'
  >,
  signals: StepSignals,
  explanation: string,
): MetricAnalysis {
  const side = (judged: Judgement['control'], seen: VersionSignals) => ({
    value: judged.value,
    samples: judged.samples,
    ...(metric.kind === 'proportion' && { count: seen.errors }),
  });
  return {
    metric: metric.name,
    title: metric.title,
    kind: metric.kind,
    unit: metric.unit,
    control: side(judgement.control, signals.control),
    candidate: side(judgement.candidate, signals.candidate),
    difference: judgement.difference,
    margin: metric.margin,
    verdict: judgement.verdict,
    explanation,
  };
}

/** Says what a metric's values, differences and margin are, in its unit. Pure. */
export function metricWords(metric: PlanMetric) {
  const isProportion = metric.kind === 'proportion';
  const shift = (value: number) =>
    isProportion
      ? `${value > 0 ? '+' : ''}${round(value * 100, 2)} points`
      : `${value > 0 ? '+' : ''}${round(value, 1)} ms`;
  const value = (each: number | null) => {
    if (each === null) {
      return 'no data';
    }
    return isProportion ? percent(each) : `${round(each, 1)} ms`;
  };
  const title = metric.title.toLocaleLowerCase('en-US');
  return {
    title,
    shift,
    value,
    difference: (difference: Judgement['difference']) =>
      difference
        ? `${title} differs by ${shift(difference.estimate)} (${shift(
            difference.low,
          )} to ${shift(difference.high)})`
        : title,
  };
}
