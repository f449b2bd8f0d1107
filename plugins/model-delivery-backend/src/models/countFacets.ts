import { ModelPage } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { ModelFilter } from '../access/Authorizer';
import { toNumber } from '../database/values';
import type { KeptCounts } from './KeptCounts';
import { Facet, FACET_NAMES, FACETS } from './modelFacets';
import {
  applyFilters,
  ListQuery,
  pickedOf,
  visibleModels,
} from './modelFilters';

type Facets = NonNullable<ModelPage['facets']>;
/** How many models each value would show, the most frequent first. */
type Values = Facets[number]['values'];
/** One value of one column, and how many models have it; all other columns of the row are null. */
type GroupRow = Record<string, string | null> & { total: number | string };

/** A facet tells its most frequent values, and those that are picked; nobody reads more of them than this. */
const MOST_VALUES = 200;

/**
 * How many models each value of each facet would show, under all other filters.
 *
 * Facets by which the list is not narrowed are counted under the same filters, hence in one statement; each of the others
 * in one of its own, which does not depend on what is picked of it and so is kept while one pick after the other is tried.
 */
export async function countFacets(
  knex: Knex,
  visible: ModelFilter,
  query: ListQuery,
  kept: KeptCounts,
): Promise<Facets> {
  const narrowed = FACET_NAMES.filter(
    facet => pickedOf(query, facet).length > 0,
  );
  const others = FACET_NAMES.filter(facet => !narrowed.includes(facet));
  const count = (facets: Facet[], except?: Facet) =>
    countTogether(
      knex,
      visibleModels(knex, visible).modify(builder =>
        applyFilters(builder, query, except),
      ),
      facets,
      kept,
    );
  const counted = await Promise.all([
    count(others),
    ...narrowed.map(facet => count([facet], facet)),
  ]);
  const values = new Map(counted.flatMap(each => [...each]));
  return FACET_NAMES.map(name =>
    toFacet(name, values.get(name)!, pickedOf(query, name)),
  );
}

/**
 * How many of the models each value of the facets would show. Models that are alike in all columns are counted first, in the
 * order of the index that holds them; what is left is far less to add up column by column.
 */
async function countTogether(
  knex: Knex,
  models: Knex.QueryBuilder,
  facets: Facet[],
  kept: KeptCounts,
): Promise<Map<Facet, Values>> {
  if (facets.length === 0) {
    return new Map();
  }
  const columns = [...new Set(facets.map(facet => FACETS[facet].column))];
  const alike = models
    .groupBy(columns.map(column => `models.${column}`))
    .select(columns.map(column => `models.${column}`))
    .count({ n: '*' });
  const totals =
    knex.client.config.client === 'pg'
      ? knex
          .from(alike.as('alike'))
          .groupByRaw(
            `grouping sets (${columns.map(() => '(??)').join()})`,
            columns,
          )
          .select(columns)
          .sum({ total: 'n' })
      : addUpEach(knex, alike, columns);
  return kept.get(`${facets} ${totals}`, async () => {
    const rows: GroupRow[] = await totals;
    return new Map(facets.map(facet => [facet, valuesOf(facet, rows)]));
  });
}

/** The values of one facet, of rows that each tell of one column. */
function valuesOf(facet: Facet, rows: GroupRow[]): Values {
  const { column, valuesOf: toValues = value => [value] } = FACETS[facet];
  const counts = new Map<string, number>();
  for (const row of rows) {
    const stored = row[column];
    for (const value of stored === null ? [] : toValues(stored)) {
      counts.set(value, (counts.get(value) ?? 0) + toNumber(row.total));
    }
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort(
      (one, other) =>
        other.count - one.count || (one.value < other.value ? -1 : 1),
    );
}

/** The same without grouping sets, which SQLite has not. */
function addUpEach(
  knex: Knex,
  alike: Knex.QueryBuilder,
  columns: string[],
): Knex.QueryBuilder {
  const totals = columns.map(counted =>
    knex
      .from('alike')
      .groupBy(counted)
      .select(
        columns.map(column =>
          column === counted ? column : knex.raw('null as ??', [column]),
        ),
      )
      .sum({ total: 'n' }),
  );
  return knex
    .withMaterialized('alike', alike)
    .from(knex.unionAll(totals).as('totals'))
    .select('*');
}

function toFacet(
  name: Facet,
  values: Values,
  picked: string[],
): Facets[number] {
  const shown = values.filter(
    ({ value }, index) => index < MOST_VALUES || picked.includes(value),
  );
  const more = values.length - shown.length;
  return { name, values: shown, ...(more > 0 && { more }) };
}
