import {
  EvaluationReport,
  Measurement,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Random } from './random';
import { DAY, HOUR, timestamp } from './time';
import { MetricCourse, ModelProfile } from './types';

/** What `evaluationsOf` measures. */
export interface Measured {
  version: string;
  /** Milliseconds. */
  createdAt: number;
  /** How far its metrics have come between a year ago (0) and today (1). */
  progress: number;
  /** Whether chance moves its metrics. */
  noisy: boolean;
  /** Whether quality said no to it. */
  held: boolean;
  /** Whether all facts are reported, measured anew for today's hold-out data. */
  recent: boolean;
  run: string;
  dataset: { name: string; version: string; digest: string };
}

const LEVEL = 0.95;
/** Where a card is written anew with each version. */
const CARD_AGE_DAYS = 3;

/** The evaluations that were reported of a version. */
export function evaluationsOf(
  profile: ModelProfile,
  measured: Measured,
  asOf: number,
  random: Random,
): EvaluationReport[] {
  const candidate = profile.metrics.map(course =>
    measure(course, measured, random),
  );
  const accuracy = candidate.find(each => each.name === 'accuracy');
  const training: Measurement[] = [
    {
      name: 'accuracy',
      value: round((accuracy?.value ?? 0.8) + random.between(0.002, 0.007)),
      higherIsBetter: true,
    },
  ];
  const regression = {
    name: 'regression_failures',
    value: 0,
    higherIsBetter: false,
  };
  // The team measures its last versions again on each month's hold-out data
  const measuredAt = measured.recent
    ? Math.max(
        measured.createdAt + 0.5 * HOUR,
        asOf - random.between(1.2, 2.8) * DAY,
      )
    : measured.createdAt + 0.5 * HOUR;
  const report = (
    fact: EvaluationReport['fact'],
    stage: EvaluationReport['stage'],
    source: string,
    metrics: Measurement[],
  ): EvaluationReport => ({
    id: `${measured.run}.${fact}`,
    fact,
    stage,
    measuredAt: timestamp(measuredAt),
    run: measured.run,
    source,
    ...(fact === 'candidate' && { dataset: measured.dataset }),
    metrics,
  });
  const confusionMatrix = measured.recent
    ? confusionOf(profile.labels, candidate)
    : undefined;
  const reports = [
    {
      ...report('candidate', 'evaluation', 'sample', [
        ...candidate,
        regression,
        ...(measured.recent ? slicesOf(candidate) : []),
      ]),
      ...(confusionMatrix && { confusionMatrix }),
    },
  ];
  return measured.recent
    ? [...reports, ...otherFacts(report, profile, training, random)]
    : reports;
}

/** Groups of people or cases that F1 is measured for, how far from the whole, and their share of it. */
const SLICES = [
  { attribute: 'age', value: '18 to 30', off: -0.016, share: 0.22 },
  { attribute: 'age', value: '31 to 55', off: 0.005, share: 0.53 },
  { attribute: 'age', value: '56 and over', off: 0.002, share: 0.25 },
];

/** F1 by group, in wider intervals as there are fewer of them. */
function slicesOf(candidate: Measurement[]): Measurement[] {
  const f1 = candidate.find(each => each.name === 'f1');
  const { interval, sampleSize = 0 } = f1 ?? {};
  return f1 && interval
    ? SLICES.map(({ off, share, ...slice }) => {
        const half = (interval.high - interval.low) / 2 / Math.sqrt(share);
        const value = round(f1.value + off);
        return {
          ...f1,
          value,
          slice,
          sampleSize: Math.round(sampleSize * share),
          interval: {
            low: round(value - half),
            high: round(value + half),
            level: interval.level,
          },
        };
      })
    : [];
}

/** Share of the errors that are false alarms. */
const FALSE_ALARMS = 0.55;

/** The counts that accuracy, F1 and sample size amount to, errors divided as usual. */
function confusionOf(
  labels: ModelProfile['labels'],
  candidate: Measurement[],
): EvaluationReport['confusionMatrix'] {
  const accuracy = candidate.find(each => each.name === 'accuracy');
  const f1 = candidate.find(each => each.name === 'f1');
  if (!labels || !accuracy || !f1?.sampleSize) {
    return undefined;
  }
  const errors = Math.round(f1.sampleSize * (1 - accuracy.value));
  const found = Math.round((f1.value * errors) / (2 * (1 - f1.value)));
  const alarms = Math.round(errors * FALSE_ALARMS);
  return {
    labels,
    counts: [
      [Math.max(0, f1.sampleSize - errors - found), alarms],
      [errors - alarms, found],
    ],
  };
}

function otherFacts(
  report: (
    fact: EvaluationReport['fact'],
    stage: EvaluationReport['stage'],
    source: string,
    metrics: Measurement[],
  ) => EvaluationReport,
  profile: ModelProfile,
  training: Measurement[],
  random: Random,
): EvaluationReport[] {
  const value = (name: string, number: number, unit?: string): Measurement => ({
    name,
    value: round(number),
    ...(unit && { unit }),
  });
  return [
    report('training', 'training', 'sample', training),
    report('tests', 'code-validation', 'pytest', [
      value('failed', 0),
      value('coverage', random.between(0.83, 0.94)),
      value('static_findings', 0),
    ]),
    report('data', 'data-validation', 'sample', [
      value('schema_violations', 0),
      value('null_share', random.between(0.004, 0.021)),
      value('volume_change', random.between(-0.03, 0.06)),
      value('drift_psi', random.between(0.03, 0.14)),
    ]),
    report('card', 'registration', 'sample', [
      value('completeness', 1),
      value('age_days', profile.cardAgeDays ?? CARD_AGE_DAYS),
    ]),
    report('serving', 'staging-validation', 'locust', [
      value('latency_p95_ms', random.between(41, 88), 'ms'),
      value('contract_failures', 0),
    ]),
  ];
}

function measure(
  course: MetricCourse,
  { progress, noisy, held }: Measured,
  random: Random,
): Measurement {
  const { name, from, to, noise, half, unit, higherIsBetter } = course;
  const expected = from + (to - from) * progress;
  const wobble = noisy ? random.normal(0, noise) : 0;
  const value = held ? refused(name, expected, half) : expected + wobble;
  return {
    name,
    value: round(value),
    interval: {
      low: round(value - half),
      high: round(value + half),
      level: LEVEL,
    },
    sampleSize: sampleSizeOf(half),
    ...(unit && { unit }),
    higherIsBetter,
  };
}

/** What quality says no to: groups that are treated too differently, or a clear step back. */
function refused(name: string, expected: number, half: number): number {
  switch (name) {
    case 'fairness_gap':
      return Math.max(expected, 0.05) + half * 1.2;
    case 'f1':
      return expected - 4 * half;
    default:
      return expected;
  }
}

/** About what gives a 95 % interval of that half width for a share near a half. */
function sampleSizeOf(half: number): number {
  return Math.round(((1.96 * 0.5) / Math.min(half, 0.05)) ** 2);
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
