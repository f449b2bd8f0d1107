import { ModelPage } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { ModelFilter } from '../access/Authorizer';
import { toDateOrNull, toNumber } from '../database/values';
import { isStale } from '../registries/freshness';
import { findConnections } from '../registries/registryStore';
import type { ListContext } from './listModels';
import { visibleModels } from './modelFilters';

/**
 * What all models together tell whom may see them, whatever the list is narrowed to.
 * @param seen - the statement of those models, which tells callers apart who may see others
 */
export async function summariseModels(
  knex: Knex,
  visible: ModelFilter,
  seen: string,
  context: ListContext,
): Promise<ModelPage['summary']> {
  const { registries, registryIntervalMs, now } = context;
  const [counts, readAt] = await Promise.all([
    context.counts.get(`summary ${seen}`, () =>
      countAll(knex, visibleModels(knex, visible)),
    ),
    oldestSuccess(knex, registries),
  ]);
  context.counts.tellModels(counts.models);
  return {
    ...counts,
    registryReadAt: readAt?.toISOString() ?? null,
    registryStale:
      registries.length > 0 && isStale(readAt, now, registryIntervalMs),
  };
}

async function countAll(knex: Knex, models: Knex.QueryBuilder) {
  const counts: Record<string, number | string | null> = await models
    .count({
      models: '*',
      in_production: 'models.production_version',
      rolling_out: 'models.rollout_promotion_id',
    })
    .select(
      knex.raw(
        `sum(case when models.waiting_kind = 'approval' then 1 else 0 end) as waiting`,
      ),
    )
    .first();
  return {
    models: toNumber(counts.models ?? 0),
    inProduction: toNumber(counts.in_production ?? 0),
    rollingOut: toNumber(counts.rolling_out ?? 0),
    waitingForApproval: toNumber(counts.waiting ?? 0),
  };
}

/** The oldest last success of the configured registries; null when one was never read. */
async function oldestSuccess(
  knex: Knex,
  registries: { type: string; id: string }[],
): Promise<Date | null> {
  if (registries.length === 0) {
    return null;
  }
  const rows = await findConnections(knex);
  const times = registries.map(({ type, id }) => {
    const row = rows.find(each => each.type === type && each.id === id);
    return toDateOrNull(row?.last_success_at ?? null);
  });
  return times.includes(null)
    ? null
    : new Date(Math.min(...times.map(time => time!.getTime())));
}
