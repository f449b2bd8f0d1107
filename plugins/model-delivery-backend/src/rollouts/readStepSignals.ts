import {
  DeploymentTarget,
  MetricsSource,
} from '@slipway/backstage-plugin-model-delivery-node';
import { StepSignals } from './analyseMetric';
import { readBaseline } from './baseline';
import { StepRecord } from './stepStore';

/**
 * Reads what candidate and control did during a step, up to `to`.
 *
 * While the candidate takes all of the traffic the control answers nothing. It is then compared with what the control
 * did in the step in which it had most of the traffic: latencies grow with load, and a control that was relieved of half
 * of it would make every version look slow. Where all traffic switched at once, or all steps before were skipped, that is
 * what it did until then.
 * @throws Error when the source fails or does not answer in time
 */
export async function readStepSignals(
  source: MetricsSource,
  options: {
    target: DeploymentTarget;
    candidate: string;
    control: string;
    steps: StepRecord[];
    index: number;
    /** Since when, other than from the beginning of the step. */
    from?: Date;
    to: Date;
  },
): Promise<StepSignals> {
  const { target, steps, index, to } = options;
  const begun = steps[index].startedAt ?? to;
  const from = options.from ?? begun;
  const earlier = controlStep(steps, index);
  const { share, windowSeconds, minimumSamples } = steps[index];
  const control = options.control;
  const isSwitch = share >= 100 && !earlier;
  const controlFrom = earlier?.startedAt ?? from;
  const controlTo = earlier?.judgedAt ?? to;
  const [candidate, before] = await Promise.all([
    source.read({ target, version: options.candidate, from, to }),
    isSwitch
      ? readBaseline(source, {
          target,
          version: control,
          until: begun,
          windowSeconds,
          minimumSamples,
        })
      : source.read({
          target,
          version: control,
          from: controlFrom,
          to: controlTo,
        }),
  ]);
  return { candidate, control: before };
}

/**
 * How many samples each side of a step must have. What the control did in an earlier step is over and grows no more, so
 * no more is asked of it than was then.
 */
export function samplesNeeded(
  steps: { share: number; minimumSamples: number; skip?: unknown }[],
  index: number,
): { candidate: number; control: number } {
  const step = steps[index];
  const earlier = controlStep(steps, index);
  return {
    candidate: step.minimumSamples,
    control: Math.min(
      step.minimumSamples,
      earlier?.minimumSamples ?? step.minimumSamples,
    ),
  };
}

/**
 * The earlier step that a step at full traffic is compared with, which was judged; undefined where the control serves as well,
 * and where no step was judged: one that was skipped may have seen next to nothing of the control.
 */
export function controlStep<T extends { share: number; skip?: unknown }>(
  steps: T[],
  index: number,
): T | undefined {
  const earlier = steps[index].share < 100 ? [] : steps.slice(0, index);
  return earlier
    .filter(each => !each.skip)
    .reduce<T | undefined>(
      (most, each) => (most && most.share <= each.share ? most : each),
      undefined,
    );
}
