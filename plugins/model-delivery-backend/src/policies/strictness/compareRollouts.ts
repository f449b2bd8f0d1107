import { RolloutPlan } from '@slipway/backstage-plugin-model-delivery-common';
import { Finding, lengthOf } from './findings';

/**
 * What makes a rollout looser than one it has to be at least as careful as. Each step of the looser one needs one of its
 * own, in order: at no larger share, for at least as long, with at least as many samples. It never jumps further at once,
 * and judges the same measures by margins that are no wider.
 */
export function compareRollouts(
  stricter: RolloutPlan,
  looser: RolloutPlan,
): Finding[] {
  const findings: Finding[] = [];
  const add = (what: string) => findings.push({ at: 'rollout', what });
  compareSteps(stricter, looser, add);
  looser.metrics.forEach(metric => {
    const own = stricter.metrics.find(each => each.name === metric.name);
    if (!own) {
      add(`does not judge ${metric.title}`);
    } else if (own.margin > metric.margin) {
      add(
        `lets ${metric.title} ${
          isEitherWay(metric) ? 'differ' : 'be worse'
        } by ${own.margin} instead of ${metric.margin}`,
      );
    }
  });
  compareShadows(stricter, looser, add);
  if ((stricter.keepPreviousSeconds ?? 0) < (looser.keepPreviousSeconds ?? 0)) {
    add(
      `does not keep the version before ready for ${lengthOf(
        looser.keepPreviousSeconds!,
      )}`,
    );
  }
  if ((stricter.watchSeconds ?? 0) < (looser.watchSeconds ?? 0)) {
    add(
      `does not watch for ${lengthOf(looser.watchSeconds!)} after full traffic`,
    );
  }
  return findings;
}

/** Whether a metric may move neither up nor down, so that none of both is worse. */
function isEitherWay({ name }: RolloutPlan['metrics'][number]): boolean {
  return name.startsWith('score-');
}

function compareSteps(
  stricter: RolloutPlan,
  looser: RolloutPlan,
  add: (what: string) => void,
): void {
  if (stricter.steps[0].share > looser.steps[0].share) {
    add(
      `starts with ${stricter.steps[0].share} % instead of at most ${looser.steps[0].share} %`,
    );
  }
  let left = stricter.steps;
  for (const step of looser.steps) {
    const match = left.findIndex(
      own =>
        own.share <= step.share &&
        own.windowSeconds >= step.windowSeconds &&
        own.minimumSamples >= step.minimumSamples,
    );
    if (match < 0) {
      add(
        `has no step of its own for the one at ${
          step.share
        } %, which lasts ${lengthOf(step.windowSeconds)} with at least ${
          step.minimumSamples
        } samples`,
      );
      return;
    }
    left = left.slice(match + 1);
  }
  if (largestJump(stricter) > largestJump(looser)) {
    add(
      `takes on ${largestJump(
        stricter,
      )} % more traffic at once instead of at most ${largestJump(looser)} %`,
    );
  }
}

function largestJump({ steps }: RolloutPlan): number {
  return Math.max(
    ...steps.map((step, i) => step.share - (steps[i - 1]?.share ?? 0)),
  );
}

function compareShadows(
  { shadow: own }: RolloutPlan,
  { shadow: asked }: RolloutPlan,
  add: (what: string) => void,
): void {
  if (!asked) {
    return;
  }
  if (!own) {
    add('has no shadow before it');
    return;
  }
  if (
    own.share < asked.share ||
    own.windowSeconds < asked.windowSeconds ||
    own.minimumSamples < asked.minimumSamples
  ) {
    add(
      `shadows less than ${asked.share} % of the traffic for ${lengthOf(
        asked.windowSeconds,
      )} with ${asked.minimumSamples} samples`,
    );
  }
  if (own.maxDisagreement > asked.maxDisagreement) {
    add(
      `lets ${own.maxDisagreement} of the shadow's answers differ instead of ${asked.maxDisagreement}`,
    );
  }
  if ((own.tolerance ?? 0) > (asked.tolerance ?? 0)) {
    add(
      `lets the shadow's numbers lie ${own.tolerance} apart instead of ${
        asked.tolerance ?? 0
      }`,
    );
  }
}
