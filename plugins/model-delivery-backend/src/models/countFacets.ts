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
  questionOf,
  visibleModels,
} from './modelFilters';

type Facets = NonNullable<ModelPage['facets']>;
/** How many models each value would show, the most frequent first. */
type Values = Facets[number]['values'];
/** One value of one column, and how many models have it; all other columns of the row are null, and all of them for all models. */
type GroupRow = Record<string, string | null> & {
  total: number | string;
  of_all: number;
};

/** How many models there are in all, and by the values of facets. */
interface Counted {
  total: number;
  values: Map<Facet, Values>;
}

/** A facet tells its most frequent values, and those that are picked; nobody reads more of them than this. */
const MOST_VALUES = 200;

/**
 * How many models the list shows, and how many each value of each facet would show under all other filters.
 *
 * Facets by which the list is not narrowed are counted under the same filters, hence in one statement; each of the others
 * in one of its own, which does not depend on what is picked of it and so is kept while one pick after the other is tried.
 * @param seen - the statement of all models that the caller may see
 */
export async function countFacets(
  knex: Knex,
  visible: ModelFilter,
  seen: string,
  query: ListQuery,
  kept: KeptCounts,
): Promise<{ total: number; facets: Facets }> {
  const narrowed = FACET_NAMES.filter(
    facet => pickedOf(query, facet).length > 0,
  );
  const unpicked = FACET_NAMES.filter(facet => !narrowed.includes(facet));
  // The number of all is counted with them, so that there has to be one
  const others = unpicked.length > 0 ? unpicked : [FACET_NAMES[0]];
  const count = (facets: Facet[], except?: Facet) =>
    kept.get(`${facets} ${questionOf(seen, query, except)}`, () =>
      countTogether(
        knex,
        visibleModels(knex, visible).modify(builder =>
          applyFilters(builder, query, except),
        ),
        facets,
      ),
    );
  const [all, ...each] = await Promise.all([
    count(others),
    ...narrowed.map(facet => count([facet], facet)),
  ]);
  const values = new Map([all, ...each].flatMap(some => [...some.values]));
  return {
    total: all.total,
    facets: FACET_NAMES.map(name =>
      toFacet(name, values.get(name)!, pickedOf(query, name)),
    ),
  };
}

/**
 * How many models there are, and how many of them have each value of the facets. Models that are alike in all columns are counted first, in the
 * order of the index that holds them; what is left is far less to add up column by column.
 */
async function countTogether(
  knex: Knex,
  models: Knex.QueryBuilder,
  facets: Facet[],
): Promise<Counted> {
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
            `grouping sets ((), ${columns.map(() => '(??)').join()})`,
            columns,
          )
          .select(columns)
          .select(
            knex.raw(
              `case when ${columns
                .map(() => 'grouping(??) = 1')
                .join(' and ')} then 1 else 0 end as of_all`,
              columns,
            ),
          )
          .sum({ total: 'n' })
      : addUpEach(knex, alike, columns);
  const rows: GroupRow[] = await totals;
  const all = rows.find(row => row.of_all === 1);
  return {
    total: toNumber(all?.total ?? 0),
    values: new Map(facets.map(facet => [facet, valuesOf(facet, rows)])),
  };
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
  const totals = [undefined, ...columns].map(counted =>
    knex
      .from('alike')
      .modify(builder => counted && builder.groupBy(counted))
      .select(
        columns.map(column =>
          column === counted ? column : knex.raw('null as ??', [column]),
        ),
      )
      .select(knex.raw('? as of_all', [counted ? 0 : 1]))
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
