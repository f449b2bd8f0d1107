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

/** What a metric's values, differences and margin are in words. */
export interface MetricWords {
  /** The metric within a sentence. */
  title: string;
  /** What the value of a side is. */
  valueTitle: string;
  /** A difference, or a part of it, in its unit. */
  shift: (value: number) => string;
  /** A margin, or a multiple of it. */
  margin: (value: number) => string;
  value: (value: number | null) => string;
  /** How the sides compare, with the interval. */
  difference: (difference: Judgement['difference']) => string;
}

/** Says what a metric's values, differences and margin are, in its unit. Pure. */
export function metricWords(metric: PlanMetric): MetricWords {
  const known =
    (format: (each: number) => string) =>
    (each: number | null): string =>
      each === null ? 'no data' : format(each);
  const signed = (value: number, text: string) =>
    `${value > 0 ? '+' : ''}${text}`;
  const scores = {
    title: 'scores',
    valueTitle: 'the median score',
    value: known(each => Number(each.toPrecision(3)).toLocaleString('en-US')),
  };
  switch (metric.kind) {
    case 'shift':
      return complete(
        {
          ...scores,
          shift: value => signed(value, percent(value)),
          margin: value =>
            `${percent(value)} of the control's usual spread either way`,
        },
        'scores are shifted by',
      );
    case 'distance': {
      const points = (value: number) => `${round(value * 100, 1)} points`;
      return complete(
        { ...scores, shift: points, margin: points },
        'the distribution of scores differs by up to',
      );
    }
    case 'stability': {
      const index = (value: number) => round(value, 3);
      return complete(
        { ...scores, shift: index, margin: index },
        'the population stability index of scores is',
      );
    }
    default: {
      const isProportion = metric.kind === 'proportion';
      const title = metric.title.toLocaleLowerCase('en-US');
      const shift = (value: number) =>
        signed(
          value,
          isProportion
            ? `${round(value * 100, 2)} points`
            : `${round(value, 1)} ms`,
        );
      return complete(
        {
          title,
          valueTitle: title,
          shift,
          margin: shift,
          value: known(each =>
            isProportion ? percent(each) : `${round(each, 1)} ms`,
          ),
        },
        `${title} differs by`,
      );
    }
  }
}

function complete(
  words: Omit<MetricWords, 'difference'>,
  differs: string,
): MetricWords {
  const { title, shift } = words;
  return {
    ...words,
    difference: difference =>
      difference
        ? `${differs} ${shift(difference.estimate)} (${shift(
            difference.low,
          )} to ${shift(difference.high)})`
        : title,
  };
}
