import { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { DatabaseTime, toDate } from '../database/values';

/** How far back the recent deployments reach, in days. */
const RECENT_DAYS = 90;
const RECENT_LIMIT = 60;

/** Start in milliseconds, and whether it was rolled back. */
type Stored = [number, 0 | 1];

/** The last promotions of a model to production, as its row of `models` keeps them. */
export async function findRecentDeployments(
  tx: Knex.Transaction,
  ref: string,
): Promise<string> {
  const rows: { started_at: DatabaseTime; outcome: string }[] = await tx(
    'deployments',
  )
    .where({
      model_ref: ref,
      environment_tier: 'production',
      kind: 'promotion',
    })
    .orderBy([{ column: 'started_at', order: 'desc' }, { column: 'id' }])
    .limit(RECENT_LIMIT)
    .select('started_at', 'outcome');
  return JSON.stringify(
    rows
      .reverse()
      .map(
        ({ started_at, outcome }): Stored => [
          toDate(started_at).getTime(),
          outcome === 'rolled-back' ? 1 : 0,
        ],
      ),
  );
}

/** Those of the last 90 days, oldest first. */
export function toRecentDeployments(
  stored: string,
  now: Date,
): ModelSummary['recentDeployments'] {
  const since = now.getTime() - RECENT_DAYS * 86_400_000;
  return (JSON.parse(stored) as Stored[])
    .filter(([at]) => at >= since)
    .map(([at, rolledBack]) => ({
      at: new Date(at).toISOString(),
      rolledBack: rolledBack === 1,
    }));
}
