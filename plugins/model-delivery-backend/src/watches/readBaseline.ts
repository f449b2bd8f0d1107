import {
  MetricsSource,
  VersionSignals,
} from '@slipway/backstage-plugin-model-delivery-node';
import { PromotionRecord } from '../promotions/types';
import { controlStep } from '../rollouts/readStepSignals';
import { targetOf } from '../rollouts/rolloutContext';
import { StepRecord } from '../rollouts/stepStore';

/**
 * What the version before did when it last served: in the rollout's step in which it had most of the traffic, or else for
 * as long as one window before the rollout began.
 * @throws Error when the source fails or does not answer in time
 */
export async function readBaseline(
  source: MetricsSource,
  record: PromotionRecord,
  options: { steps: StepRecord[]; windowSeconds: number },
): Promise<VersionSignals> {
  const { steps, windowSeconds } = options;
  const beside =
    steps.length > 0 ? controlStep(steps, steps.length - 1) : undefined;
  const begun = record.rolloutStartedAt ?? record.requestedAt;
  const signals = await source.read({
    target: targetOf(record),
    version: record.fromVersion ?? '',
    from: beside?.startedAt ?? new Date(begun.getTime() - windowSeconds * 1000),
    to: beside?.judgedAt ?? begun,
  });
  return {
    ...signals,
    latencies: signals.latencies.map(each => Math.round(each * 100) / 100),
  };
}
