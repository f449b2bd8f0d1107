import { FieldError } from '@slipway/backstage-plugin-model-delivery-common';
import { fewestSamplesToPass } from '@slipway/canary-analysis';
import { comparisonsNeeded } from '../rollouts/judgeShadow';
import { PolicyFile } from './policySchema';

type RolloutFile = PolicyFile['spec']['environments'][number]['rollout'];

/**
 * Checks that a rollout's steps rise to all traffic, and that each of them, its shadow and its watch can be judged by what
 * the policy asks for.
 */
export function checkRollout(rollout: RolloutFile, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const add = (path: string, message: string) =>
    errors.push({ path: `${at}.${path}`, message });

  const fewest = fewestForErrors(rollout);
  checkShadow(rollout, fewest, add);
  if (rollout.strategy === 'direct') {
    if (rollout.watch) {
      add(
        'watch',
        'needs metrics to judge by, and a direct rollout has none: take a canary, or leave it out',
      );
    }
    return errors;
  }
  rollout.metrics.forEach((metric, i) => {
    if (rollout.metrics.findIndex(each => each.name === metric.name) < i) {
      add(`metrics[${i}].name`, `'${metric.name}' is there already`);
    }
  });
  const judged =
    rollout.strategy === 'canary'
      ? rollout.steps.map((step, i) => ({ ...step, at: `steps[${i}]` }))
      : [{ ...rollout.verify, at: 'verify' }];
  // The watch after full traffic asks for as many as the last of them
  judged.forEach(step => {
    if (step.minimumSamples < fewest.count) {
      add(`${step.at}.minimumSamples`, fewest.message);
    }
  });
  if (rollout.strategy === 'canary') {
    checkShares(rollout.steps, add);
  }
  return errors;
}

/** How many answers a judgement of errors needs to be able to pass, and what to say where a policy asks for fewer. */
interface Fewest {
  count: number;
  message: string;
}

function fewestForErrors(rollout: RolloutFile): Fewest {
  const margin =
    rollout.strategy === 'direct'
      ? undefined
      : rollout.metrics.find(each => each.name === 'error-rate')?.margin;
  const count =
    margin !== undefined && margin < 1 ? fewestSamplesToPass({ margin }) : 1;
  return {
    count,
    message: `must be at least ${count}: with fewer, no version can be shown to stay within the error-rate margin of ${margin}`,
  };
}

/** Checks that a shadow can pass at all with the answers that it asks for: by what may differ, and by errors. */
function checkShadow(
  { shadow }: RolloutFile,
  errors: Fewest,
  add: (path: string, message: string) => void,
): void {
  if (!shadow) {
    return;
  }
  const { maxDisagreement, minimumSamples } = shadow;
  const count = comparisonsNeeded({ maxDisagreement, minimumSamples: 1 });
  const agreement: Fewest = {
    count,
    message: `must be at least ${count}: with fewer, no version can be shown to keep within the maxDisagreement of ${maxDisagreement}`,
  };
  const fewest = errors.count > agreement.count ? errors : agreement;
  if (minimumSamples < fewest.count) {
    add('shadow.minimumSamples', fewest.message);
  }
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
