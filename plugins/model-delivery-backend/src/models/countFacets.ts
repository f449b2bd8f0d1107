import { ModelPage } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { ModelFilter } from '../access/Authorizer';
import { toNumber } from '../database/values';
import { Facet, FACET_NAMES, FACETS } from './modelFacets';
import {
  applyFilters,
  ListQuery,
  pickedOf,
  visibleModels,
} from './modelFilters';

type Facets = NonNullable<ModelPage['facets']>;
type Counts = Map<string, number>;
/** One value of one column, and how many models have it; all other columns of the row are null. */
type GroupRow = Record<string, string | null> & { total: number | string };

/** A facet tells its most frequent values, and those that are picked; nobody reads more of them than this. */
const MOST_VALUES = 200;

/**
 * How many models each value of each facet would show, under all other filters.
 *
 * Facets by which the list is not narrowed are counted under the same filters, hence in one statement; each of the others
 * in one of its own.
 */
export async function countFacets(
  knex: Knex,
  visible: ModelFilter,
  query: ListQuery,
): Promise<Facets> {
  const narrowed = FACET_NAMES.filter(
    facet => pickedOf(query, facet).length > 0,
  );
  const others = FACET_NAMES.filter(facet => !narrowed.includes(facet));
  const count = (facets: Facet[], except?: Facet) =>
    countColumns(
      knex,
      visibleModels(knex, visible).modify(builder =>
        applyFilters(builder, query, except),
      ),
      [...new Set(facets.map(facet => FACETS[facet].column))],
    );
  const [together, ...alone] = await Promise.all([
    count(others),
    ...narrowed.map(facet => count([facet], facet)),
  ]);
  return FACET_NAMES.map(name => {
    const index = narrowed.indexOf(name);
    const columns = index === -1 ? together : alone[index];
    return toFacet(name, columns, pickedOf(query, name));
  });
}

/**
 * How many of the models have each value of each column. Models that are alike in all columns are counted first, in the
 * order of the index that holds them; what is left is far less to add up column by column.
 */
async function countColumns(
  knex: Knex,
  models: Knex.QueryBuilder,
  columns: string[],
): Promise<Map<string, Counts>> {
  const found = new Map<string, Counts>(
    columns.map(column => [column, new Map()]),
  );
  if (columns.length === 0) {
    return found;
  }
  const alike = models
    .groupBy(columns.map(column => `models.${column}`))
    .select(columns.map(column => `models.${column}`))
    .count({ n: '*' });
  const rows: GroupRow[] = await (knex.client.config.client === 'pg'
    ? knex
        .from(alike.as('alike'))
        .groupByRaw(
          `grouping sets (${columns.map(() => '(??)').join()})`,
          columns,
        )
        .select(columns)
        .sum({ total: 'n' })
    : addUpEach(knex, alike, columns));
  for (const { total, ...row } of rows) {
    for (const column of columns) {
      const value = row[column];
      if (value !== null) {
        found.get(column)!.set(value, toNumber(total));
      }
    }
  }
  return found;
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
  columns: Map<string, Counts>,
  picked: string[],
): Facets[number] {
  const { column, valuesOf = value => [value] } = FACETS[name];
  const counts: Counts = new Map();
  for (const [stored, count] of columns.get(column)!) {
    for (const value of valuesOf(stored)) {
      counts.set(value, (counts.get(value) ?? 0) + count);
    }
  }
  const values = [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort(
      (one, other) =>
        other.count - one.count || (one.value < other.value ? -1 : 1),
    );
  const shown = values.filter(
    ({ value }, index) => index < MOST_VALUES || picked.includes(value),
  );
  const more = values.length - shown.length;
  return { name, values: shown, ...(more > 0 && { more }) };
}
