import { FieldError } from '@slipway/backstage-plugin-model-delivery-common';
import { fewestSamplesToPass } from '@slipway/canary-analysis';
import { PolicyFile } from './policySchema';

type RolloutFile = PolicyFile['spec']['environments'][number]['rollout'];

/** Checks that a rollout's steps rise to all traffic, and that each can be judged by its samples. */
export function checkRollout(rollout: RolloutFile, at: string): FieldError[] {
  if (rollout.strategy === 'direct') {
    return [];
  }
  const errors: FieldError[] = [];
  const add = (path: string, message: string) =>
    errors.push({ path: `${at}.${path}`, message });

  rollout.metrics.forEach((metric, i) => {
    if (rollout.metrics.findIndex(each => each.name === metric.name) < i) {
      add(`metrics[${i}].name`, `'${metric.name}' is there already`);
    }
  });
  const judged =
    rollout.strategy === 'canary'
      ? rollout.steps.map((step, i) => ({ ...step, at: `steps[${i}]` }))
      : [{ ...rollout.verify, at: 'verify' }];
  const errorRate = rollout.metrics.find(each => each.name === 'error-rate');
  const fewest =
    errorRate && errorRate.margin < 1
      ? fewestSamplesToPass({ margin: errorRate.margin })
      : 1;
  judged.forEach(step => {
    if (step.minimumSamples < fewest) {
      add(
        `${step.at}.minimumSamples`,
        `must be at least ${fewest}: with fewer, no version can be shown to stay within the error-rate margin of ${errorRate?.margin}`,
      );
    }
  });
  if (rollout.strategy === 'canary') {
    checkShares(rollout.steps, add);
  }
  return errors;
}

function checkShares(
  steps: { share: number }[],
  add: (path: string, message: string) => void,
): void {
  steps.forEach((step, i) => {
    if (i > 0 && step.share <= steps[i - 1].share) {
      add(
        `steps[${i}].share`,
        `must be more than the ${steps[i - 1].share} before`,
      );
    }
  });
  if (steps[0].share >= 100) {
    add(
      'steps[0].share',
      'must be below 100: a canary starts with part of the traffic',
    );
  }
  if (steps.at(-1)?.share !== 100) {
    add(`steps[${steps.length - 1}].share`, 'must be 100 in the last step');
  }
}
