import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RolloutPlan } from '@slipway/backstage-plugin-model-delivery-common';
import { RandomSource, seededRandom } from '@slipway/canary-analysis';
import { parse } from 'yaml';
import { judgeStep } from './judgeStep';
import { samplesNeeded } from './readStepSignals';
import { watchStep } from './watchStep';

/**
 * How often whole rollouts by the built-in policies end right, measured by simulation with exactly as many samples as
 * their steps demand. A table in the README of the statistics prints what this test asserts.
 */
const LOOKS_PER_STEP = 10;
/** More latencies make a judgement slower to work out, but hardly another one. */
const MOST_LATENCIES = 2500;

type Plan = Pick<RolloutPlan, 'steps' | 'metrics'>;

jest.setTimeout(300_000);

/** The rollout into production of a policy that says all of it itself. */
function planOf(policy: string): Plan {
  const file = join(__dirname, '../../policies', `${policy}.yaml`);
  const { environments } = parse(readFileSync(file, 'utf8')).spec;
  const { steps, metrics } = environments.at(-1).rollout;
  return {
    steps,
    metrics: metrics.map((metric: { name: string; margin: number }) => ({
      ...metric,
      title: metric.name,
      kind: metric.name === 'latency' ? 'distribution' : 'proportion',
      unit: metric.name === 'latency' ? 'ms' : 'share',
    })),
  };
}

/** Log-normal, around 40 ms. */
const LATENCIES = (() => {
  const random = seededRandom(1);
  return Array.from({ length: 200_000 }, () => {
    const normal =
      Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return 40 * Math.exp(0.4 * normal);
  });
})();

/** Answers of one version: errors at a rate, and latencies. */
class Answers {
  requests = 0;
  errors = 0;
  readonly latencies: number[] = [];

  constructor(private readonly errorRate: number) {}

  take(random: RandomSource, number: number): void {
    this.requests += number;
    let left = number;
    this.#ahead ??= this.#untilError(random);
    while (left > this.#ahead) {
      left -= this.#ahead + 1;
      this.errors += 1;
      this.#ahead = this.#untilError(random);
    }
    this.#ahead -= left;
    const known = Math.min(this.requests, MOST_LATENCIES);
    while (this.latencies.length < known) {
      // A stretch of many that were drawn once, which spares drawing millions
      const from = Math.floor(random() * (LATENCIES.length - known));
      const more = LATENCIES.slice(from, from + known - this.latencies.length);
      this.latencies.push(...more);
    }
  }

  /** Good answers before the next error. */
  #ahead: number | undefined;

  #untilError(random: RandomSource): number {
    return Math.floor(Math.log(1 - random()) / Math.log(1 - this.errorRate));
  }
}

const isProportion = ({ kind }: Plan['metrics'][number]) =>
  kind === 'proportion';

/** Whether a look can end the step at all, which spares most of the arithmetic. */
function seemsWorse(
  { metrics }: Plan,
  { candidate, control }: { candidate: Answers; control: Answers },
): boolean {
  const difference =
    candidate.errors / candidate.requests - control.errors / control.requests;
  return difference > metrics[0].margin;
}

/** What becomes of one rollout. */
function rollOut(
  plan: Plan,
  [controlRate, candidateRate]: [number, number],
  random: RandomSource,
): 'completed' | 'rolled-back' | 'paused' {
  const first = new Answers(controlRate);
  // Nothing else can end a step before its judgement
  const watched = { metrics: plan.metrics.filter(isProportion) };
  for (const [index, { share, minimumSamples }] of plan.steps.entries()) {
    const candidate = new Answers(candidateRate);
    const control =
      // At full traffic it is compared with the control of the first step, see readStepSignals
      index === 0 || share === 100 ? first : new Answers(controlRate);
    const signals = { candidate, control };
    for (let look = 1; look <= LOOKS_PER_STEP; look++) {
      const upTo = Math.round((minimumSamples * look) / LOOKS_PER_STEP);
      candidate.take(random, upTo - candidate.requests);
      if (share < 100) {
        const ofControl = Math.round((upTo * (100 - share)) / share);
        control.take(random, ofControl - control.requests);
      }
      if (seemsWorse(plan, signals) && watchStep(watched, signals)) {
        return 'rolled-back';
      }
    }
    const { verdict } = judgeStep(
      plan,
      samplesNeeded(plan.steps, index).control,
      signals,
    );
    if (verdict !== 'pass') {
      return verdict === 'fail' ? 'rolled-back' : 'paused';
    }
  }
  return 'completed';
}

function rates(policy: string, errorRates: [number, number], rollouts: number) {
  const plan = planOf(policy);
  const random = seededRandom(20261121);
  const counts = { completed: 0, 'rolled-back': 0, paused: 0 };
  for (let i = 0; i < rollouts; i++) {
    counts[rollOut(plan, errorRates, random)] += 1;
  }
  const percent = (n: number) => Math.round((1000 * n) / rollouts) / 10;
  return {
    completed: percent(counts.completed),
    rolledBack: percent(counts['rolled-back']),
    paused: percent(counts.paused),
  };
}

const SCORES: Plan['metrics'] = [
  { name: 'score-shift', kind: 'shift', unit: 'spread', margin: 0.1 },
  { name: 'score-ks', kind: 'distance', unit: 'KS', margin: 0.1 },
  { name: 'score-psi', kind: 'stability', unit: 'PSI', margin: 0.1 },
].map(metric => ({ ...metric, title: metric.name } as Plan['metrics'][number]));

/** Normal, drawn once, which spares drawing millions. */
const NORMAL_SCORES = (() => {
  const random = seededRandom(2);
  return Float64Array.from(
    { length: 500_000 },
    () =>
      Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
})();

/**
 * What becomes of rollouts in the steps of high-small that ask for scores alone, in percent.
 * @param movedBy - how far the candidate's scores are, in standard deviations
 */
function scoreRates(movedBy: number, rollouts: number) {
  const { steps } = planOf('high-small');
  const random = seededRandom(20261122);
  const answers = (requests: number, shift: number) => {
    const count = Math.min(requests, MOST_LATENCIES);
    const from = Math.floor(random() * (NORMAL_SCORES.length - count));
    const scores = NORMAL_SCORES.slice(from, from + count);
    return {
      requests,
      errors: 0,
      latencies: [],
      scores: Array.from(scores, each => each + shift),
    };
  };
  const counts = { completed: 0, rolledBack: 0, paused: 0 };
  const become = (): keyof typeof counts => {
    let first: ReturnType<typeof answers> | undefined;
    for (const { share, minimumSamples } of steps) {
      const beside = Math.round((minimumSamples * (100 - share)) / share);
      const control = first && share === 100 ? first : answers(beside, 0);
      first ??= control;
      const { verdict } = judgeStep(
        { steps, metrics: SCORES },
        minimumSamples,
        { candidate: answers(minimumSamples, movedBy), control },
      );
      if (verdict !== 'pass') {
        return verdict === 'fail' ? 'rolledBack' : 'paused';
      }
    }
    return 'completed';
  };
  for (let i = 0; i < rollouts; i++) {
    counts[become()] += 100 / rollouts;
  }
  return Object.values(counts).map(each => Math.round(each * 10) / 10);
}

it('rolls back hardly any of 1,000 versions that score as their control', () => {
  expect(scoreRates(0, 1000)).toEqual([97.2, 0, 2.8]);
});

it('lets no version take all traffic whose scores moved by twice the margin', () => {
  expect(scoreRates(0.27, 200)).toEqual([0, 100, 0]);
});

it('rolls back hardly any of 1,000 versions as good as their control', () => {
  expect(rates('high-small', [0.01, 0.01], 1000)).toEqual({
    completed: 91.4,
    rolledBack: 0,
    paused: 8.6,
  });
});

it('rolls back all but a few of 1,000 versions with a doubled error rate, and lets none take all traffic', () => {
  expect(rates('high-small', [0.02, 0.04], 1000)).toEqual({
    completed: 0,
    rolledBack: 99.5,
    paused: 0.5,
  });
});

// The margin of the built-in policies, one point, is no less than what such a version is worse by
it.each([
  [
    'high-small',
    [0.01, 0.02],
    { completed: 0, rolledBack: 48.2, paused: 51.8 },
  ],
  [
    'medium-small',
    [0.01, 0.02],
    { completed: 0, rolledBack: 51.3, paused: 48.7 },
  ],
  [
    'high-small',
    [0.005, 0.01],
    { completed: 10.4, rolledBack: 1.9, paused: 87.7 },
  ],
  [
    'medium-small',
    [0.005, 0.01],
    { completed: 16.1, rolledBack: 1.9, paused: 82 },
  ],
] as [string, [number, number], object][])(
  'puts a doubled error rate that is low before people: %s, %j',
  (policy, errorRates, measured) => {
    expect(rates(policy, errorRates, 1000)).toEqual(measured);
  },
);
