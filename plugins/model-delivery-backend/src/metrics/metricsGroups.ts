import { parseEntityRef } from '@backstage/catalog-model';
import { Knex } from 'knex';
import { decodeCursor, Page, PageRequest, toPage } from '../database/paging';
import { toNumber } from '../database/values';
import {
  DELIVERED,
  Events,
  eventsIn,
  FAILURES,
  Keys,
  OUTSIDE_CHANGES,
  RUNS,
  STARTED,
} from './aggregate';
import { hasChangeKind, MetricsFilter } from './metricsFilter';

/** By what the metrics are shown apart. */
export type GroupBy = 'owner' | 'model' | 'risk' | 'change-kind';

/** The columns of the read models behind them. */
export const GROUP_COLUMNS: Record<GroupBy, NonNullable<Keys['group']>> = {
  owner: 'owner',
  model: 'model_ref',
  risk: 'risk',
  'change-kind': 'change_kind',
};

interface Group {
  key: string;
  title: string;
}

interface GroupRow {
  grp: string;
  delivered: number | string;
}

/** One page of the groups that anything happened in during the period, most deployments first. */
export async function findGroups(
  knex: Knex,
  filter: MetricsFilter,
  by: GroupBy,
  page: PageRequest,
): Promise<Page<Group> & { totalItems: number }> {
  const groups = groupsQuery(knex, filter, GROUP_COLUMNS[by]);
  const rows: GroupRow[] = await knex
    .from(groups.as('counted'))
    .modify(query => {
      if (page.cursor) {
        const [delivered, key] = decodeCursor(page.cursor, 'number', 'text');
        query.where(rest =>
          rest
            .where('delivered', '<', delivered)
            .orWhere(same =>
              same.where('delivered', delivered).where('grp', '>', key),
            ),
        );
      }
    })
    .orderBy([{ column: 'delivered', order: 'desc' }, { column: 'grp' }])
    .limit(page.limit + 1)
    .select('grp', 'delivered');
  const total: { count: number | string } = await knex
    .from(groups.clone().as('counted'))
    .count({ count: '*' })
    .first();
  const titles = await titlesOf(
    knex,
    by,
    rows.map(row => row.grp),
  );
  return {
    ...toPage(
      rows,
      page.limit,
      row => [toNumber(row.delivered), row.grp],
      row => ({ key: row.grp, title: titles(row.grp) }),
    ),
    totalItems: toNumber(total.count),
  };
}

function groupsQuery(
  knex: Knex,
  filter: MetricsFilter,
  group: NonNullable<Keys['group']>,
): Knex.QueryBuilder {
  const part = (events: Events, delivered: 0 | 1) =>
    eventsIn(knex, events, filter, { group }, []).select(
      knex.raw(`${delivered} as delivered`),
    );
  const all = knex.unionAll([
    part(DELIVERED, 1),
    part(STARTED, 0),
    part(FAILURES, 0),
    ...[RUNS, OUTSIDE_CHANGES]
      .filter(({ table }) => group !== 'change_kind' || hasChangeKind(table))
      .map(events => part(events, 0)),
  ]);
  return knex
    .from(all.as('events'))
    .whereNotNull('grp')
    .groupBy('grp')
    .select('grp')
    .sum({ delivered: 'delivered' });
}

async function titlesOf(
  knex: Knex,
  by: GroupBy,
  keys: string[],
): Promise<(key: string) => string> {
  if (by === 'model') {
    const rows: { ref: string; title: string }[] = await knex('models')
      .whereIn('ref', keys)
      .select('ref', 'title');
    const byRef = new Map(rows.map(row => [row.ref, row.title]));
    return key => byRef.get(key) ?? key;
  }
  if (by === 'owner') {
    return key => parseEntityRef(key, { defaultKind: 'group' }).name;
  }
  return key => {
    const words = key.replace(/-/g, ' ');
    const title = `${words[0].toUpperCase()}${words.slice(1)}`;
    return by === 'risk' ? `${title} risk` : title;
  };
}
