import { FieldError } from '@slipway/backstage-plugin-model-delivery-common';
import {
  fewestSamplesForDistance,
  fewestSamplesToPass,
} from '@slipway/canary-analysis';
import { FindScoreless } from '../rollouts/targets';
import { comparisonsNeeded } from '../rollouts/judgeShadow';
import { PolicyFile } from './policySchema';

/**
 * The margins of scores that make sense: narrower ones no version passes with the 5,000 scores that are compared at most, wider
 * ones none fails.
 */
const SCORE_MARGINS: Record<string, { from: number; to: number }> = {
  'score-shift': { from: 0.02, to: 10 },
  'score-ks': { from: 0.02, to: 0.5 },
  'score-psi': { from: 0.01, to: 10 },
};
/** Scores a side below which a stability index is not judged. */
const FEWEST_FOR_PSI = 100;

type RolloutFile = PolicyFile['spec']['environments'][number]['rollout'];

/**
 * Checks that a rollout's steps rise to all traffic, and that each of them, its shadow and its watch can be judged by what
 * the policy asks for.
 */
export function checkRollout(rollout: RolloutFile, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const add = (path: string, message: string) =>
    errors.push({ path: `${at}.${path}`, message });

  const fewest = fewestToPass(rollout);
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
    const bounds = SCORE_MARGINS[metric.name];
    if (
      bounds &&
      !(metric.margin >= bounds.from && metric.margin <= bounds.to)
    ) {
      add(
        `metrics[${i}].margin`,
        `must be from ${bounds.from} to ${bounds.to} for ${metric.name}; it is ${metric.margin}`,
      );
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

/** Checks that a rollout does not ask for scores where nothing gives any. */
export function checkScores(
  { spec }: PolicyFile,
  findScoreless: FindScoreless,
): FieldError[] {
  return spec.environments.flatMap(({ name, rollout }, i) => {
    const ofScores =
      rollout.strategy === 'direct'
        ? []
        : rollout.metrics.flatMap((metric, j) =>
            SCORE_MARGINS[metric.name] ? [{ ...metric, j }] : [],
          );
    const why = ofScores.length > 0 ? findScoreless(name) : undefined;
    return why === undefined
      ? []
      : ofScores.map(metric => ({
          path: `spec.environments[${i}].rollout.metrics[${metric.j}].name`,
          message: `'${metric.name}' could never be judged: ${why}`,
        }));
  });
}

/** How many answers a judgement by the metrics needs to be able to pass, and what to say where a policy asks for fewer. */
interface Fewest {
  count: number;
  message: string;
}

function fewestToPass(rollout: RolloutFile): Fewest {
  const fewest = (count: number, within: string): Fewest => ({
    count,
    message: `must be at least ${count}: with fewer, no version can be shown to stay within ${within}`,
  });
  const of = ({ name, margin }: { name: string; margin: number }): Fewest => {
    const within = `the ${name} margin of ${margin}`;
    switch (name) {
      case 'error-rate':
        return fewest(margin < 1 ? fewestSamplesToPass({ margin }) : 1, within);
      case 'score-ks':
        return fewest(fewestSamplesForDistance({ margin }), within);
      case 'score-psi':
        return fewest(FEWEST_FOR_PSI, within);
      default:
        return fewest(1, within);
    }
  };
  return rollout.strategy === 'direct'
    ? fewest(1, '')
    : rollout.metrics
        .map(of)
        .reduce((most, each) => (each.count > most.count ? each : most));
}

/** Checks that a shadow can pass at all with the answers that it asks for: by what may differ, and by the metrics. */
function checkShadow(
  { shadow }: RolloutFile,
  measures: Fewest,
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
  const fewest = measures.count > agreement.count ? measures : agreement;
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
