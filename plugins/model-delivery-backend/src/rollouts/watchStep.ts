import { quantile, watchProportion } from '@slipway/canary-analysis';
import { RolloutPlan } from '@slipway/backstage-plugin-model-delivery-common';
import { VersionSignals } from '@slipway/backstage-plugin-model-delivery-node';
import { round } from '../words';
import {
  metricWords,
  PlanMetric,
  StepJudgement,
  StepSignals,
  toAnalysis,
} from './analyseMetric';
import { isOfScores } from './judgeScores';

const STOPPED_EARLY = 'not judged, since the step was stopped early';

/**
 * Looks at a step that still runs: a failure once errors are beyond their margin for certain, otherwise nothing. It may
 * be asked at every look, since its test stays valid under continuous watching; it never passes a step. Pure.
 * @param level - of the test of each proportion; that of `watchProportion` unless told
 */
export function watchStep(
  plan: Pick<RolloutPlan, 'metrics'>,
  signals: StepSignals,
  level?: number,
): StepJudgement | undefined {
  const analysis = plan.metrics.map(metric =>
    metric.kind === 'proportion'
      ? watchErrors(metric, signals, level)
      : leaveOpen(metric, signals),
  );
  return analysis.some(each => each.verdict === 'fail')
    ? { verdict: 'fail', analysis, samples: signals.candidate.requests }
    : undefined;
}

/** The judgement of a step whose signals could not be read: never more than inconclusive. Pure. */
export function judgeUnseen(
  plan: Pick<RolloutPlan, 'metrics'>,
  why: string,
): StepJudgement {
  const nothing = { requests: 0, errors: 0, latencies: [] };
  const side = { value: null, samples: 0 };
  return {
    verdict: 'inconclusive',
    samples: 0,
    analysis: plan.metrics.map(metric =>
      toAnalysis(
        metric,
        {
          verdict: 'inconclusive',
          difference: null,
          control: side,
          candidate: side,
        },
        { candidate: nothing, control: nothing },
        why,
      ),
    ),
  };
}

function watchErrors(
  metric: PlanMetric,
  signals: StepSignals,
  level: number | undefined,
) {
  const { candidate, control } = signals;
  const watched = watchProportion({
    control: { count: control.errors, samples: control.requests },
    candidate: { count: candidate.errors, samples: candidate.requests },
    margin: metric.margin,
    level,
  });
  const words = metricWords(metric);
  return toAnalysis(
    metric,
    watched,
    signals,
    watched.verdict === 'fail'
      ? `${words.title} is ${words.value(
          watched.candidate.value,
        )} against ${words.value(
          watched.control.value,
        )} and surely beyond the margin of ${words.margin(
          metric.margin,
        )} after ${round(candidate.requests, 0)} answers`
      : `${words.title}: ${STOPPED_EARLY}`,
  );
}

/** What is not watched early is shown, but not judged. */
function leaveOpen(metric: PlanMetric, signals: StepSignals) {
  const ofScores = isOfScores(metric);
  const side = ({ latencies, scores = [], scored = 0 }: VersionSignals) => {
    if (ofScores && scores.length === 0) {
      return { value: null, samples: scored };
    }
    const values = ofScores ? scores : latencies;
    return {
      value: quantile(values, ofScores ? 0.5 : 0.95),
      samples: values.length,
    };
  };
  return toAnalysis(
    metric,
    {
      verdict: 'inconclusive',
      difference: null,
      control: side(signals.control),
      candidate: side(signals.candidate),
    },
    signals,
    `${metricWords(metric).title}: ${STOPPED_EARLY}`,
  );
}
