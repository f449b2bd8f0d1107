import {
  MetricAnalysis,
  RolloutPlan,
  RolloutStep,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { DatabaseTime, toDate, toDateOrNull } from '../database/values';
import { Transaction } from '../database/UnitOfWork';
import { PromotionRecord } from '../promotions/types';
import { replaceShadow } from './shadowStore';

/** A row of `rollout_steps`. */
interface StepRow {
  promotion_id: number;
  index: number;
  share: number;
  window_seconds: number;
  minimum_samples: number;
  state: RolloutStep['state'];
  started_at: DatabaseTime | null;
  ends_at: DatabaseTime | null;
  judged_at: DatabaseTime | null;
  samples: number | null;
  analysis: string;
  attempt: number;
  skipped_by: string | null;
  skipped_at: DatabaseTime | null;
  skip_reason: string | null;
}

/** A step of a rollout as the engine works with it. */
export interface StepRecord {
  index: number;
  /** Percent. */
  share: number;
  windowSeconds: number;
  minimumSamples: number;
  state: RolloutStep['state'];
  startedAt: Date | null;
  /** When it is judged, if samples suffice. */
  endsAt: Date | null;
  judgedAt: Date | null;
  samples: number | null;
  analysis: MetricAnalysis[];
  /** Goes up each time a person has the step repeated. */
  attempt: number;
  /** Set when a person left the rest of it out. */
  skip?: { by: string; at: Date; reason: string };
}

/** Steps of a rollout in order; none before it was ever begun. */
export async function findSteps(
  knex: Knex,
  promotionId: number,
): Promise<StepRecord[]> {
  const rows = await knex<StepRow>('rollout_steps')
    .where({ promotion_id: promotionId })
    .orderBy('index');
  return rows.map(row => ({
    index: row.index,
    share: row.share,
    windowSeconds: row.window_seconds,
    minimumSamples: row.minimum_samples,
    state: row.state,
    startedAt: toDateOrNull(row.started_at),
    endsAt: toDateOrNull(row.ends_at),
    judgedAt: toDateOrNull(row.judged_at),
    samples: row.samples,
    analysis: JSON.parse(row.analysis),
    attempt: row.attempt,
    ...(row.skipped_by &&
      row.skipped_at && {
        skip: {
          by: row.skipped_by,
          at: toDate(row.skipped_at),
          reason: row.skip_reason ?? '',
        },
      }),
  }));
}

/** Writes the steps of a plan anew, with the shadow before them, all of them still to come. */
export async function replaceSteps(
  knex: Knex,
  promotionId: number,
  plan: RolloutPlan,
): Promise<void> {
  await replaceShadow(knex, promotionId, plan);
  await knex('rollout_steps').where({ promotion_id: promotionId }).delete();
  await knex('rollout_steps').insert(
    plan.steps.map((step, index) => ({
      promotion_id: promotionId,
      index,
      share: step.share,
      window_seconds: step.windowSeconds,
      minimum_samples: step.minimumSamples,
      state: 'pending',
      analysis: '[]',
    })),
  );
}

/** Changes one step. */
export async function updateStep(
  knex: Knex,
  promotionId: number,
  index: number,
  set: Partial<Omit<StepRow, 'promotion_id' | 'index'>>,
): Promise<void> {
  await knex('rollout_steps')
    .where({ promotion_id: promotionId, index })
    .update(set);
}

/** Leaves the rest of the step out that a rollout is at. It is `skipped` then, and never `passed`. */
export async function skipStep(
  tx: Transaction,
  record: Pick<PromotionRecord, 'id' | 'stepIndex'>,
  skip: { by: string; reason: string | undefined; samples: number | null },
): Promise<void> {
  await updateStep(tx.knex, record.id, record.stepIndex ?? 0, {
    state: 'skipped',
    skipped_by: skip.by,
    skipped_at: tx.now,
    skip_reason: skip.reason ?? null,
    samples: skip.samples,
  });
}

/** Marks what was running or still to come as not to happen any more. */
export async function skipRest(knex: Knex, promotionId: number): Promise<void> {
  for (const table of ['rollout_steps', 'rollout_shadows']) {
    await knex(table)
      .where({ promotion_id: promotionId })
      .whereIn('state', ['pending', 'running'])
      .update({ state: 'skipped' });
  }
}

/** A step as the API shows it. */
export function toRolloutStep(step: StepRecord): RolloutStep {
  return {
    index: step.index,
    share: step.share,
    windowSeconds: step.windowSeconds,
    minimumSamples: step.minimumSamples,
    state: step.state,
    startedAt: step.startedAt?.toISOString() ?? null,
    endsAt: step.endsAt?.toISOString() ?? null,
    judgedAt: step.judgedAt?.toISOString() ?? null,
    samples: step.samples,
    analysis: step.analysis,
    ...(step.skip && {
      skip: { ...step.skip, at: step.skip.at.toISOString() },
    }),
  };
}
