import {
  ModelPage,
  ModelSummary,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { ModelFilter } from '../access/Authorizer';
import { findDueReviews } from '../breakGlass/breakGlassStore';
import { toPage } from '../database/paging';
import {
  DatabaseTime,
  toDateOrNull,
  toIso,
  toIsoOrNull,
  toNumber,
} from '../database/values';
import { OperationRequest } from '../http/operations';
import { isStale } from '../registries/freshness';
import { findConnections } from '../registries/registryStore';
import {
  applyFilters,
  FACET_COLUMNS,
  Facet,
  FACETS,
  isFiltered,
  NOWHERE,
  visibleModels,
} from './modelFilters';
import { ModelRow, tierOf } from './ModelRecord';
import { applySort, cursorOf } from './modelSorts';

type ListQuery = OperationRequest<'listModels'>['query'];
type Facets = NonNullable<ModelPage['facets']>;
type RecentDeployments = Map<string, ModelSummary['recentDeployments']>;

/** How far back the recent deployments reach, in days. */
const RECENT_DAYS = 90;
const RECENT_LIMIT = 60;
const DEFAULT_LIMIT = 50;

/** One page of the models that the caller may see. A handful of queries, whatever the number of models. */
export async function listModels(
  knex: Knex,
  visible: ModelFilter,
  query: ListQuery,
  options: {
    now: Date;
    /** The configured connections. */
    registries: { type: string; id: string }[];
    /** How often each is read, in milliseconds. */
    registryIntervalMs: number;
  },
): Promise<ModelPage> {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const sort = query.sort ?? 'attention';
  const rows: ModelRow[] = await visibleModels(knex, visible)
    .modify(builder => {
      applyFilters(builder, query);
      applySort(builder, sort, query.cursor);
    })
    .limit(limit + 1)
    .select('models.*');
  const summary = await summarise(knex, visible, options);
  const totalItems = isFiltered(query)
    ? await count(
        visibleModels(knex, visible).modify(builder =>
          applyFilters(builder, query),
        ),
      )
    : summary.models;
  const refs = rows.slice(0, limit).map(row => row.ref);
  const beside = {
    recent: await findRecentDeployments(knex, refs, options.now),
    reviews: await findDueReviews(knex, refs),
    now: options.now,
  };
  const page = toPage(
    rows,
    limit,
    row => cursorOf(sort, row),
    row => toModelSummary(row, beside),
  );
  return {
    ...page,
    totalItems,
    summary,
    ...(query.facets && { facets: await countFacets(knex, visible, query) }),
  };
}

/** A row as the lists show it. */
export function toModelSummary(
  row: ModelRow,
  beside: {
    recent: RecentDeployments;
    reviews: Awaited<ReturnType<typeof findDueReviews>>;
    now: Date;
  },
): ModelSummary {
  const review = beside.reviews.get(row.ref);
  return {
    ref: row.ref,
    namespace: row.namespace,
    name: row.name,
    title: row.title,
    task: row.task,
    owner: row.owner,
    system: row.system,
    lifecycle: row.lifecycle,
    risk: row.risk,
    teamSize: row.team_size,
    tier: tierOf(row.risk),
    sample: Boolean(row.sample),
    production:
      row.production_version !== null && row.production_since !== null
        ? {
            version: row.production_version,
            since: toIso(row.production_since),
          }
        : null,
    rollout:
      row.rollout_promotion_id !== null && row.rollout_version !== null
        ? {
            promotionId: row.rollout_promotion_id,
            version: row.rollout_version,
            share: row.rollout_share ?? 0,
          }
        : null,
    health: { state: row.health_state, detail: row.health_detail },
    waiting: {
      kind: row.waiting_kind,
      detail: row.waiting_detail,
      promotionId: row.waiting_promotion_id,
      since: toIsoOrNull(row.waiting_since),
    },
    latestVersion: row.latest_version,
    versionCount: row.version_count,
    lastDeployedAt: toIsoOrNull(row.last_deployed_at),
    recentDeployments: beside.recent.get(row.ref) ?? [],
    ...(review && {
      reviewDue: {
        promotionId: String(review.promotionId),
        reviewBy: review.reviewBy.toISOString(),
        overdue: review.reviewBy <= beside.now,
      },
    }),
  };
}

/** The recent production deployments of all the models at once, oldest first. */
export async function findRecentDeployments(
  knex: Knex,
  refs: string[],
  now: Date,
): Promise<RecentDeployments> {
  const found: RecentDeployments = new Map();
  if (refs.length === 0) {
    return found;
  }
  const since = new Date(now.getTime() - RECENT_DAYS * 86_400_000);
  const ranked = knex('deployments')
    .whereIn('model_ref', refs)
    .where({ environment_tier: 'production', kind: 'promotion' })
    .where('started_at', '>=', since)
    .select(
      'model_ref',
      'started_at',
      'outcome',
      knex.raw(
        'row_number() over (partition by model_ref order by started_at desc, id) as rank',
      ),
    );
  const rows: {
    model_ref: string;
    started_at: DatabaseTime;
    outcome: string;
  }[] = await knex
    .from(ranked.as('ranked'))
    .where('rank', '<=', RECENT_LIMIT)
    .orderBy('started_at')
    .select('model_ref', 'started_at', 'outcome');
  for (const row of rows) {
    const deployments = found.get(row.model_ref) ?? [];
    deployments.push({
      at: toIso(row.started_at),
      rolledBack: row.outcome === 'rolled-back',
    });
    found.set(row.model_ref, deployments);
  }
  return found;
}

async function summarise(
  knex: Knex,
  visible: ModelFilter,
  options: Parameters<typeof listModels>[3],
): Promise<ModelPage['summary']> {
  const { registries, registryIntervalMs } = options;
  const readAt = await oldestSuccess(knex, registries);
  const counts: Record<string, number | string | null> = await visibleModels(
    knex,
    visible,
  )
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
    registryReadAt: readAt?.toISOString() ?? null,
    registryStale:
      registries.length > 0 && isStale(readAt, options.now, registryIntervalMs),
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

async function countFacets(
  knex: Knex,
  visible: ModelFilter,
  query: ListQuery,
): Promise<Facets> {
  const facets: Facets = [];
  for (const name of FACETS) {
    const base = () =>
      visibleModels(knex, visible).modify(builder =>
        applyFilters(builder, query, name),
      );
    facets.push({
      name,
      values:
        name === 'serving'
          ? await countServing(base)
          : await countColumn(base(), name),
    });
  }
  return facets;
}

async function countColumn(
  base: Knex.QueryBuilder,
  facet: Exclude<Facet, 'serving'>,
): Promise<Facets[number]['values']> {
  const column = `models.${FACET_COLUMNS[facet]}`;
  const rows: { value: string; count: number | string }[] = await base
    .whereNotNull(column)
    .groupBy(column)
    .select({ value: column })
    .count({ count: '*' })
    .orderBy([{ column: 'count', order: 'desc' }, { column: 'value' }]);
  return rows.map(row => ({ value: row.value, count: toNumber(row.count) }));
}

async function countServing(
  base: () => Knex.QueryBuilder,
): Promise<Facets[number]['values']> {
  const rows: { value: string; count: number | string }[] = await base()
    .join('deployments', 'deployments.model_ref', 'models.ref')
    .whereNull('deployments.ended_at')
    .groupBy('deployments.environment')
    .select({ value: 'deployments.environment' })
    .countDistinct({ count: 'models.ref' })
    .orderBy([{ column: 'count', order: 'desc' }, { column: 'value' }]);
  const nowhere = await count(
    base().whereNotExists(current =>
      current
        .from('deployments')
        .select('deployments.id')
        .whereRaw('deployments.model_ref = models.ref')
        .whereNull('deployments.ended_at'),
    ),
  );
  return [
    ...rows.map(row => ({ value: row.value, count: toNumber(row.count) })),
    ...(nowhere > 0 ? [{ value: NOWHERE, count: nowhere }] : []),
  ];
}

async function count(builder: Knex.QueryBuilder): Promise<number> {
  const row: { count: number | string } = await builder
    .count({ count: '*' })
    .first();
  return toNumber(row.count);
}
