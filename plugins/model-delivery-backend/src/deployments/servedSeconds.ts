import { Knex } from 'knex';
import { toDate, toDateOrNull } from '../database/values';
import { selectDeployments } from './deploymentStore';

/**
 * How long versions of a digest had all of an environment's traffic, in seconds, over all deployments that count as proof
 * and were not rolled back, and whether one has it now.
 */
export async function findServedSeconds(
  knex: Knex,
  options: {
    modelRef: string;
    environment: string;
    versionDigest: string;
    now: Date;
  },
): Promise<{ servedSeconds: number; isServing: boolean }> {
  const rows = await selectDeployments(knex)
    .where({
      'deployments.model_ref': options.modelRef,
      'deployments.environment': options.environment,
      'versions.digest': options.versionDigest,
    })
    .where('deployments.proves', true)
    .whereNotNull('deployments.full_traffic_at')
    .whereIn('deployments.outcome', ['serving', 'superseded']);
  const millis = rows.map(row => {
    const end = toDateOrNull(row.ended_at) ?? options.now;
    return Math.max(0, end.getTime() - toDate(row.full_traffic_at).getTime());
  });
  return {
    servedSeconds: millis.reduce((sum, each) => sum + each, 0) / 1000,
    isServing: rows.some(row => row.ended_at === null),
  };
}
