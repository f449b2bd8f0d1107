import { OutsideChange } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';

/** What was raised at a target or in a registry, as far as it is counted. */
export interface RaisedChange {
  id: number;
  model_ref: string;
  environment: string;
  environment_tier: string;
  kind: OutsideChange['kind'];
  alias: string | null;
  /** JSON, as it is kept. */
  expected: string;
  found: string;
}

/** Counts a change in production that was made without Slipway, for whoever owns the model now. */
export async function recordRaisedChange(
  tx: Knex.Transaction,
  change: RaisedChange,
  raisedAt: Date,
): Promise<void> {
  const model: { owner: string; risk: string } | undefined = await tx('models')
    .where({ ref: change.model_ref })
    .first('owner', 'risk');
  if (!model || change.environment_tier !== 'production') {
    return;
  }
  await tx('metric_outside_changes')
    .insert({
      change_id: String(change.id),
      model_ref: change.model_ref,
      owner: model.owner,
      risk: model.risk,
      environment: change.environment,
      kind: change.kind,
      alias: change.alias,
      expected: change.expected,
      found: change.found,
      raised_at: raisedAt,
    })
    .onConflict('change_id')
    .ignore();
}

/** Notes what became of a counted change. */
export async function recordClosedChange(
  tx: Knex.Transaction,
  change: { id: number; promotion_id: number | null },
  because: 'gone' | 'reverted' | 'adopted',
): Promise<void> {
  await tx('metric_outside_changes')
    .where({ change_id: String(change.id) })
    .update({
      closed_because: because,
      ...(because === 'adopted' && { promotion_id: change.promotion_id }),
    });
}
