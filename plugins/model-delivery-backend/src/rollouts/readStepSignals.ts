import {
  DeploymentTarget,
  MetricsSource,
} from '@slipway/backstage-plugin-model-delivery-node';
import { StepSignals } from './judgeStep';
import { StepRecord } from './stepStore';

/**
 * Reads what candidate and control did during a step, up to `to`.
 *
 * While the candidate takes all of the traffic the control answers nothing. It is then compared with what the control
 * did in the step before, the last one in which both served.
 */
export async function readStepSignals(
  source: MetricsSource,
  options: {
    target: DeploymentTarget;
    candidate: string;
    control: string;
    steps: StepRecord[];
    index: number;
    to: Date;
  },
): Promise<StepSignals> {
  const { target, steps, index, to } = options;
  const from = steps[index].startedAt ?? to;
  const before = steps[index].share >= 100 ? steps[index - 1] : undefined;
  const controlFrom = before?.startedAt ?? from;
  const controlTo = before?.judgedAt ?? to;
  const [candidate, control] = await Promise.all([
    source.read({ target, version: options.candidate, from, to }),
    source.read({
      target,
      version: options.control,
      from: controlFrom,
      to: controlTo,
    }),
  ]);
  return { candidate, control };
}

/**
 * How many samples each side of a step must have. What the control did in the step before is over and grows no more, so
 * no more is asked of it than was then.
 */
export function samplesNeeded(
  steps: { share: number; minimumSamples: number }[],
  index: number,
): { candidate: number; control: number } {
  const step = steps[index];
  const before = step.share >= 100 ? steps[index - 1] : undefined;
  return {
    candidate: step.minimumSamples,
    control: Math.min(
      step.minimumSamples,
      before?.minimumSamples ?? step.minimumSamples,
    ),
  };
}
