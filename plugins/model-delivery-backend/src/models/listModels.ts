import {
  ModelPage,
  ModelSummary,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { ModelFilter } from '../access/Authorizer';
import { toPage } from '../database/paging';
import { toDateOrNull, toIso, toIsoOrNull, toNumber } from '../database/values';
import { countFacets } from './countFacets';
import { KeptCounts } from './KeptCounts';
import { environmentsOf } from './modelFacets';
import {
  applyFilters,
  isFiltered,
  ListQuery,
  questionOf,
  visibleModels,
} from './modelFilters';
import { ModelRow, tierOf } from './ModelRecord';
import { applySort, cursorOf } from './modelSorts';
import { toRecentDeployments } from './recentDeployments';
import { summariseModels } from './summariseModels';

const DEFAULT_LIMIT = 50;

/** What a row of the list is made of, and what its place in each order is; the rest of a row would be parsed for nobody. */
const LISTED = [
  'ref',
  'namespace',
  'name',
  'title',
  'task',
  'owner',
  'system',
  'lifecycle',
  'risk',
  'risk_rank',
  'team_size',
  'framework',
  'serving_in',
  'sample',
  'to_be_completed',
  'production_version',
  'production_since',
  'rollout_promotion_id',
  'rollout_version',
  'rollout_share',
  'health_state',
  'health_detail',
  'card_state',
  'card_at',
  'waiting_kind',
  'waiting_detail',
  'waiting_promotion_id',
  'waiting_since',
  'attention',
  'latest_version',
  'version_count',
  'last_deployed_at',
  'recent_deployments',
  'review_promotion_id',
  'review_by',
] as const satisfies (keyof ModelRow)[];

/** As they are selected, written once and not for each page. */
const COLUMNS = LISTED.map(column => `models.${column}`).join();

/** A row as far as the lists read it. */
export type ListedRow = Pick<ModelRow, (typeof LISTED)[number]>;

/** What a page of the list is made with. */
export interface ListContext {
  now: Date;
  /** The configured connections. */
  registries: { type: string; id: string }[];
  /** How often each is read, in milliseconds. */
  registryIntervalMs: number;
  counts: KeptCounts;
}

/** One page of the models that the caller may see: one query, and those that count, whatever the number of models. */
export async function listModels(
  knex: Knex,
  visible: ModelFilter,
  query: ListQuery,
  context: ListContext,
): Promise<ModelPage> {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const sort = query.sort ?? 'attention';
  const seen = String(visibleModels(knex, visible));
  const matching = () =>
    visibleModels(knex, visible).modify(builder =>
      applyFilters(builder, query),
    );
  /** How many there are, where that is not the number of all. */
  const countMatching = async () =>
    isFiltered(query)
      ? {
          total: await context.counts.get(
            `total ${questionOf(seen, query)}`,
            () => countModels(matching()),
          ),
          facets: undefined,
        }
      : undefined;

  const [items, summary, counted] = await Promise.all([
    matching()
      .modify(builder => applySort(builder, sort, query.cursor))
      .limit(limit + 1)
      .select(knex.raw(COLUMNS))
      .then((rows: ListedRow[]) =>
        toPage(
          rows,
          limit,
          row => cursorOf(sort, row),
          row => toModelSummary(row, context.now),
        ),
      ),
    summariseModels(knex, visible, seen, context),
    query.facets
      ? countFacets(knex, visible, seen, query, context.counts)
      : countMatching(),
  ]);
  return {
    ...items,
    totalItems: counted?.total ?? summary.models,
    summary,
    ...(counted?.facets && { facets: counted.facets }),
  };
}

async function countModels(models: Knex.QueryBuilder): Promise<number> {
  const row = await models.count({ count: '*' }).first();
  return toNumber(row.count);
}

/** A row as the lists show it. */
export function toModelSummary(row: ListedRow, now: Date): ModelSummary {
  const reviewBy = toDateOrNull(row.review_by);
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
    recentDeployments: toRecentDeployments(row.recent_deployments, now),
    ...(reviewBy && {
      reviewDue: {
        promotionId: String(row.review_promotion_id),
        reviewBy: reviewBy.toISOString(),
        overdue: reviewBy <= now,
      },
    }),
  };
}
