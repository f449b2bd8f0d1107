import type {
  Rollout,
  RolloutStep,
} from '@slipway/backstage-plugin-model-delivery-common';
import { formatNumber } from '../charts';
import { Card } from '../components';
import { AnalysisTable } from './AnalysisTable';
import { ClockOrDate } from './StateRail';

/** The step whose statistics say most now: the one that runs, or else the last that was judged. */
export function stepToShow(rollout: Rollout): RolloutStep | undefined {
  return [...rollout.steps].reverse().find(step => step.analysis.length > 0);
}

/** The shadow's statistics, as long as no step has any. */
function shadowToShow({ plan, shadow }: Rollout): RolloutStep | undefined {
  return plan.shadow && shadow && shadow.analysis.length > 0
    ? { ...plan.shadow, ...shadow, index: -1, samples: null }
    : undefined;
}

/** Candidate against control in numbers, metric by metric, with the verdict and its reason. */
export function StepStatistics(props: {
  rollout: Rollout;
  /** Whether the rollout is paused, so that nothing is judged until somebody resumes. */
  isPaused: boolean;
}) {
  const ownStep = stepToShow(props.rollout);
  const step = ownStep ?? shadowToShow(props.rollout);
  if (!step) {
    return null;
  }
  const title = ownStep
    ? `Statistics of step ${step.share} %`
    : 'Statistics of the shadow';
  const level = step.analysis.find(one => one.difference)?.difference?.level;
  return (
    <Card
      title={title}
      aside={
        <>
          {level !== undefined &&
            `Interval ${formatNumber(level * 100, { digits: 0 })} %. `}
          {step.judgedAt && (
            <>
              Judged <ClockOrDate at={step.judgedAt} />
            </>
          )}
          {!step.judgedAt && props.isPaused && 'Paused; this is a preview'}
          {!step.judgedAt && !props.isPaused && step.endsAt && (
            <>
              Judged at <ClockOrDate at={step.endsAt} />; until then this is a
              preview
            </>
          )}
        </>
      }
    >
      <AnalysisTable
        label={title}
        analysis={step.analysis}
        minimumSamples={step.minimumSamples}
      />
    </Card>
  );
}
