import { Knex } from 'knex';
import { patternOf } from '../database/values';
import { ModelFilter } from '../access/Authorizer';
import { OperationRequest } from '../http/operations';
import { Facet, FACET_NAMES, FACETS } from './modelFacets';

/** What the list is asked for. */
export type ListQuery = OperationRequest<'listModels'>['query'];

/** The models of the lists that the caller may see: those of the catalog. */
export function visibleModels(
  knex: Knex,
  visible: ModelFilter,
): Knex.QueryBuilder {
  return knex('models').whereNull('models.removed_at').modify(visible);
}

/** The values of a facet that the list is narrowed to; none when it is not narrowed by it. */
export function pickedOf(query: ListQuery, facet: Facet): string[] {
  return query[facet] ?? [];
}

/** What is looked for in the models' texts, which are kept in lower case. */
function textOf(query: ListQuery): string | undefined {
  return query.q?.trim().toLowerCase();
}

/** Whether the list is asked for in part only. */
export function isFiltered(query: ListQuery): boolean {
  return (
    Boolean(textOf(query)) ||
    query.ref !== undefined ||
    FACET_NAMES.some(facet => pickedOf(query, facet).length > 0)
  );
}

/**
 * Tells what is asked of the models apart from anything else that may be asked of them.
 * @param seen - the statement of all models that the caller may see
 * @param except - the facet whose filter is left out
 */
export function questionOf(
  seen: string,
  query: ListQuery,
  except?: Facet,
): string {
  return JSON.stringify([
    seen,
    textOf(query),
    query.ref,
    FACET_NAMES.map(facet => (facet === except ? [] : pickedOf(query, facet))),
  ]);
}

/** Narrows a query that selects from `models`; `except` leaves one filter out, to count its facet under the others. */
export function applyFilters(
  builder: Knex.QueryBuilder,
  query: ListQuery,
  except?: Facet,
): void {
  const text = textOf(query);
  if (text) {
    const pattern = patternOf(text);
    builder.whereRaw(`models.search_text like ? escape '\\'`, [pattern]);
  }
  if (query.ref) {
    builder.whereIn(
      'models.ref',
      query.ref.map(ref => ref.toLocaleLowerCase('en-US')),
    );
  }
  for (const facet of FACET_NAMES) {
    const values = pickedOf(query, facet);
    if (facet === except || values.length === 0) {
      continue;
    }
    const { column, narrow } = FACETS[facet];
    if (narrow) {
      narrow(builder, values);
    } else {
      builder.whereIn(`models.${column}`, values);
    }
  }
}
