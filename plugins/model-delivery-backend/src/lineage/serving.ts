import { Knex } from 'knex';
import { DatabaseTime, toIso } from '../database/values';

/** A deployment that takes traffic now. */
export interface Serving {
  deployment: string;
  model: string;
  version: string;
  environment: string;
  tier: 'development' | 'staging' | 'pre-production' | 'production';
  /** Percent of the traffic. */
  share: number;
  since: string;
}

/** What serves of some models now, the largest share first. */
export async function findServing(
  knex: Knex,
  modelRefs: string[],
): Promise<Serving[]> {
  if (modelRefs.length === 0) {
    return [];
  }
  const rows: {
    id: string;
    model_ref: string;
    version: string;
    environment: string;
    environment_tier: Serving['tier'];
    share: number;
    started_at: DatabaseTime;
  }[] = await knex('deployments')
    .join('versions', 'versions.id', 'deployments.version_id')
    .whereIn('deployments.model_ref', modelRefs)
    .whereNull('deployments.ended_at')
    .orderBy([
      { column: 'deployments.share', order: 'desc' },
      { column: 'deployments.id' },
    ])
    .select(
      'deployments.id',
      'deployments.model_ref',
      'versions.name as version',
      'deployments.environment',
      'deployments.environment_tier',
      'deployments.share',
      'deployments.started_at',
    );
  return rows.map(row => ({
    deployment: row.id,
    model: row.model_ref,
    version: row.version,
    environment: row.environment,
    tier: row.environment_tier,
    share: row.share,
    since: toIso(row.started_at),
  }));
}
