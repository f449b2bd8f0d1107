import {
  RolloutPlan,
  RolloutShadow,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { DatabaseTime, toDateOrNull } from '../database/values';

/** A row of `rollout_shadows`. */
interface ShadowRow {
  promotion_id: number;
  state: RolloutShadow['state'];
  started_at: DatabaseTime | null;
  ends_at: DatabaseTime | null;
  judged_at: DatabaseTime | null;
  comparison: string | null;
  analysis: string;
  explanation: string | null;
  attempt: number;
}

/** The shadow before a rollout as the engine works with it. */
export interface ShadowRecord
  extends Pick<
    RolloutShadow,
    'state' | 'comparison' | 'analysis' | 'explanation'
  > {
  startedAt: Date | null;
  /** When it is judged, if samples suffice. */
  endsAt: Date | null;
  judgedAt: Date | null;
  /** Goes up each time a person has it repeated. */
  attempt: number;
}

/** A shadow that is still to come. */
export const PENDING_SHADOW: ShadowRecord = {
  state: 'pending',
  startedAt: null,
  endsAt: null,
  judgedAt: null,
  comparison: null,
  analysis: [],
  explanation: null,
  attempt: 1,
};

/** The shadow of a rollout; undefined when it has none, or was never begun. */
export async function findShadow(
  knex: Knex,
  promotionId: number,
): Promise<ShadowRecord | undefined> {
  const row: ShadowRow | undefined = await knex<ShadowRow>('rollout_shadows')
    .where({ promotion_id: promotionId })
    .first();
  return (
    row && {
      state: row.state,
      startedAt: toDateOrNull(row.started_at),
      endsAt: toDateOrNull(row.ends_at),
      judgedAt: toDateOrNull(row.judged_at),
      comparison: row.comparison === null ? null : JSON.parse(row.comparison),
      analysis: JSON.parse(row.analysis),
      explanation: row.explanation,
      attempt: row.attempt,
    }
  );
}

/** Writes the shadow of a plan anew, still to come. */
export async function replaceShadow(
  knex: Knex,
  promotionId: number,
  plan: RolloutPlan,
): Promise<void> {
  await knex('rollout_shadows').where({ promotion_id: promotionId }).delete();
  if (plan.shadow) {
    await knex('rollout_shadows').insert({
      promotion_id: promotionId,
      state: 'pending',
      analysis: '[]',
    });
  }
}

/** Changes a shadow. */
export async function updateShadow(
  knex: Knex,
  promotionId: number,
  set: Partial<Omit<ShadowRow, 'promotion_id'>>,
): Promise<void> {
  await knex('rollout_shadows')
    .where({ promotion_id: promotionId })
    .update(set);
}

/** Has a shadow compared anew, from its start. */
export function repeatShadow(
  knex: Knex,
  promotionId: number,
  attempt: number,
): Promise<void> {
  return updateShadow(knex, promotionId, {
    state: 'pending',
    started_at: null,
    ends_at: null,
    judged_at: null,
    comparison: null,
    analysis: '[]',
    explanation: null,
    attempt,
  });
}

/** A shadow as the API shows it. */
export function toRolloutShadow(shadow: ShadowRecord): RolloutShadow {
  const { attempt, startedAt, endsAt, judgedAt, ...shown } = shadow;
  return {
    ...shown,
    startedAt: startedAt?.toISOString() ?? null,
    endsAt: endsAt?.toISOString() ?? null,
    judgedAt: judgedAt?.toISOString() ?? null,
  };
}
