import { Knex } from 'knex';

/**
 * The production deployment that caused an incident: the one by which the named version served when it was detected, or
 * else the last one by which it served before. Null without a named version: not every incident is caused by one.
 */
export async function findCause(
  tx: Knex.Transaction,
  options: {
    modelRef: string;
    versionId: string | null;
    detectedAt: Date;
  },
): Promise<string | null> {
  const { modelRef, versionId, detectedAt } = options;
  if (versionId === null) {
    return null;
  }
  const row: { id: string } | undefined = await tx('deployments')
    .where({
      model_ref: modelRef,
      environment_tier: 'production',
      version_id: versionId,
    })
    .where('started_at', '<=', detectedAt)
    .orderBy('started_at', 'desc')
    .first('id');
  return row?.id ?? null;
}
