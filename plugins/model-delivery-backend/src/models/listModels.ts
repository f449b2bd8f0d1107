import {
  ModelPage,
  ModelSummary,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { ModelFilter } from '../access/Authorizer';
import { findDueReviews } from '../breakGlass/breakGlassStore';
import { toPage } from '../database/paging';
import { DatabaseTime, toIso, toIsoOrNull, toNumber } from '../database/values';
import { countFacets } from './countFacets';
import { KeptCounts } from './KeptCounts';
import { environmentsOf, FACET_NAMES } from './modelFacets';
import {
  applyFilters,
  isFiltered,
  ListQuery,
  pickedOf,
  visibleModels,
} from './modelFilters';
import { ModelRow, tierOf } from './ModelRecord';
import { applySort, cursorOf } from './modelSorts';
import { summariseModels } from './summariseModels';

type RecentDeployments = Map<string, ModelSummary['recentDeployments']>;

/** How far back the recent deployments reach, in days. */
const RECENT_DAYS = 90;
const RECENT_LIMIT = 60;
const DEFAULT_LIMIT = 50;

/** What a page of the list is made with. */
export interface ListContext {
  now: Date;
  /** The configured connections. */
  registries: { type: string; id: string }[];
  /** How often each is read, in milliseconds. */
  registryIntervalMs: number;
  counts: KeptCounts;
}

/** One page of the models that the caller may see. A handful of queries, whatever the number of models. */
export async function listModels(
  knex: Knex,
  visible: ModelFilter,
  query: ListQuery,
  context: ListContext,
): Promise<ModelPage> {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const sort = query.sort ?? 'attention';
  const matching = () =>
    visibleModels(knex, visible).modify(builder =>
      applyFilters(builder, query),
    );
  const kept = <T>(what: string, work: () => Promise<T>) =>
    context.counts.get(questionOf(what, knex, visible, query), work);

  const [items, summary, totalItems, facets] = await Promise.all([
    matching()
      .modify(builder => applySort(builder, sort, query.cursor))
      .limit(limit + 1)
      .select('models.*')
      .then(async (rows: ModelRow[]) => {
        const refs = rows.slice(0, limit).map(row => row.ref);
        const [recent, reviews] = await Promise.all([
          findRecentDeployments(knex, refs, context.now),
          findDueReviews(knex, refs),
        ]);
        return toPage(
          rows,
          limit,
          row => cursorOf(sort, row),
          row => toModelSummary(row, { recent, reviews, now: context.now }),
        );
      }),
    summariseModels(knex, visible, context),
    isFiltered(query)
      ? kept('total', () => count(matching()))
      : Promise.resolve(undefined),
    query.facets
      ? kept('facets', () => countFacets(knex, visible, query))
      : Promise.resolve(undefined),
  ]);
  return {
    ...items,
    totalItems: totalItems ?? summary.models,
    summary,
    ...(facets && { facets }),
  };
}

/** What a count over the list asks: it differs by what is picked and by what the caller may see. */
function questionOf(
  what: string,
  knex: Knex,
  visible: ModelFilter,
  query: ListQuery,
): string {
  return JSON.stringify([
    what,
    query.q?.trim().toLowerCase(),
    query.ref,
    FACET_NAMES.map(facet => pickedOf(query, facet)),
    visibleModels(knex, visible).toString(),
  ]);
}

async function count(builder: Knex.QueryBuilder): Promise<number> {
  const row: { count: number | string } = await builder
    .count({ count: '*' })
    .first();
  return toNumber(row.count);
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
    framework: row.framework,
    servingIn: environmentsOf(row.serving_in),
    sample: Boolean(row.sample),
    ...(row.to_be_completed && {
      toBeCompleted: row.to_be_completed.split(','),
    }),
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
    card: { state: row.card_state, writtenAt: toIsoOrNull(row.card_at) },
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
