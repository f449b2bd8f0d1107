import {
  RolloutPlan,
  RolloutShadow,
} from '@slipway/backstage-plugin-model-delivery-common';
import { ShadowComparison } from '@slipway/backstage-plugin-model-delivery-node';
import { wilsonInterval } from '@slipway/canary-analysis';
import { listing, percent, round } from '../words';
import { StepJudgement } from './analyseMetric';
import { describeJudgement, judgeStep } from './judgeStep';
import { watchStep } from './watchStep';

/** What a plan asks of its shadow. */
export type ShadowPlan = NonNullable<RolloutPlan['shadow']>;

/** How a shadow was judged. */
export interface ShadowJudgement {
  verdict: StepJudgement['verdict'];
  comparison: NonNullable<RolloutShadow['comparison']>;
  /** The plan's measures, of the copies against what was returned. */
  analysis: StepJudgement['analysis'];
  explanation: string;
}

/** Share of the copies that may be left out before those that were compared say too little of all. */
const MOST_SKIPPED = 0.5;
/** How far the interval of what differs may reach, as a multiple of what may differ. */
const LARGEST_PASSED = 2;

/**
 * Judges a shadow: by the share of answers that differ, with its Wilson interval at 95 %, and by the measures of the plan.
 * It fails when surely more differ than may, and passes only when no more do than may and surely less than twice as many.
 * Too few answers compared, or too many left out, are never a pass. Pure.
 */
export function judgeShadow(
  plan: Pick<RolloutPlan, 'steps' | 'metrics'>,
  shadow: ShadowPlan,
  comparison: ShadowComparison,
): ShadowJudgement {
  const agreement = judgeAgreement(shadow, comparison);
  const measured =
    plan.metrics.length > 0
      ? judgeStep(
          { metrics: plan.metrics, steps: [...plan.steps, asStep(shadow)] },
          shadow.minimumSamples,
          signalsOf(comparison),
        )
      : undefined;
  const said = [
    agreement,
    ...(measured
      ? [
          {
            verdict: measured.verdict,
            explanation: describeJudgement(measured),
          },
        ]
      : []),
  ];
  const verdict =
    (['fail', 'inconclusive'] as const).find(each =>
      said.some(one => one.verdict === each),
    ) ?? 'pass';
  return {
    verdict,
    comparison: countsOf(comparison),
    analysis: measured?.analysis ?? [],
    explanation: listing(
      said.filter(one => one.verdict === verdict).map(one => one.explanation),
    ),
  };
}

/** A failure once errors of the copies are beyond their margin for certain, otherwise nothing. Pure. */
export function watchShadow(
  plan: Pick<RolloutPlan, 'metrics'>,
  comparison: ShadowComparison,
): ShadowJudgement | undefined {
  const stopped = watchStep(plan, signalsOf(comparison));
  return (
    stopped && {
      verdict: stopped.verdict,
      comparison: countsOf(comparison),
      analysis: stopped.analysis,
      explanation: describeJudgement(stopped),
    }
  );
}

/**
 * How many answers have to be compared: as many as the plan says, and enough for none that differs to show that it stays
 * below twice what may. Pure.
 */
export function comparisonsNeeded({
  minimumSamples,
  maxDisagreement,
}: Pick<ShadowPlan, 'minimumSamples' | 'maxDisagreement'>): number {
  const most = LARGEST_PASSED * maxDisagreement;
  if (most <= 0 || most >= 1) {
    return minimumSamples;
  }
  const z = 1.96;
  return Math.max(minimumSamples, Math.floor((z * z * (1 - most)) / most) + 1);
}

/** Answers that were compared. Pure. */
export function comparedOf(
  counts: Pick<ShadowComparison, 'mirrored' | 'skipped'>,
): number {
  return counts.mirrored - counts.skipped;
}

function judgeAgreement(
  shadow: ShadowPlan,
  comparison: ShadowComparison,
): { verdict: ShadowJudgement['verdict']; explanation: string } {
  const { mirrored, skipped, agreed } = comparison;
  const compared = comparedOf(comparison);
  const needed = comparisonsNeeded(shadow);
  const may = shadow.maxDisagreement;
  if (mirrored === 0) {
    return inconclusive('no request came that could be copied');
  }
  const differing = compared - agreed;
  const interval = wilsonInterval({ count: differing, samples: compared });
  const differ = `${percent(differing / Math.max(1, compared))} of ${round(
    compared,
    0,
  )} answers differ (${percent(interval.low)} to ${percent(interval.high)})`;
  if (compared < needed) {
    return inconclusive(
      `${round(compared, 0)} answers compared of the ${round(
        needed,
        0,
      )} that are needed`,
    );
  }
  if (interval.low > may) {
    return {
      verdict: 'fail',
      explanation: `${differ}, and ${percent(may)} may`,
    };
  }
  if (skipped > MOST_SKIPPED * mirrored) {
    return inconclusive(
      `${round(skipped, 0)} of ${round(
        mirrored,
        0,
      )} copies were not compared: there was no room for them, they were too large, or the request itself failed`,
    );
  }
  if (
    differing > may * compared ||
    (may > 0 && interval.high >= LARGEST_PASSED * may)
  ) {
    return inconclusive(
      `${differ}, which neither shows it within the ${percent(
        may,
      )} that may nor beyond`,
    );
  }
  return {
    verdict: 'pass',
    explanation: `${percent(agreed / compared)} of ${round(
      compared,
      0,
    )} answers agree`,
  };
}

function inconclusive(explanation: string) {
  return { verdict: 'inconclusive' as const, explanation };
}

function asStep(shadow: ShadowPlan): RolloutPlan['steps'][number] {
  const { share, windowSeconds, minimumSamples } = shadow;
  return { share, windowSeconds, minimumSamples };
}

function signalsOf({ candidate, serving }: ShadowComparison) {
  return { candidate, control: serving };
}

function countsOf(comparison: ShadowComparison): ShadowJudgement['comparison'] {
  const { mirrored, skipped, agreed, largestDifference } = comparison;
  return {
    mirrored,
    skipped,
    agreed,
    largestDifference: largestDifference ?? null,
  };
}
