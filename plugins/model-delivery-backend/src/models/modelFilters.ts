import { Knex } from 'knex';
import { patternOf } from '../database/values';
import { ModelFilter } from '../access/Authorizer';
import { OperationRequest } from '../http/operations';

type ListQuery = OperationRequest<'listModels'>['query'];

/** The filters of the list that are counted as facets. */
export const FACETS = [
  'waiting',
  'risk',
  'health',
  'owner',
  'lifecycle',
  'serving',
  'task',
] as const;

/** A filter that is counted as a facet. */
export type Facet = (typeof FACETS)[number];

/** The value of the filter and facet `serving` for models that serve in no environment. */
export const NOWHERE = 'nowhere';

/** The columns behind the facets; `serving` is asked of the deployments. */
export const FACET_COLUMNS: Record<Exclude<Facet, 'serving'>, string> = {
  waiting: 'waiting_kind',
  risk: 'risk',
  health: 'health_state',
  owner: 'owner',
  lifecycle: 'lifecycle',
  task: 'task',
};

/** The models of the lists that the caller may see: those of the catalog. */
export function visibleModels(
  knex: Knex,
  visible: ModelFilter,
): Knex.QueryBuilder {
  return knex('models').whereNull('models.removed_at').modify(visible);
}

/** Whether the list is asked for in part only. */
export function isFiltered(query: ListQuery): boolean {
  return (
    Boolean(query.q?.trim()) ||
    FACETS.some(facet => valuesOf(query, facet).length > 0)
  );
}

/** Narrows a query that selects from `models`; `except` leaves one filter out, to count its facet under the others. */
export function applyFilters(
  builder: Knex.QueryBuilder,
  query: ListQuery,
  except?: Facet,
): void {
  const text = query.q?.trim().toLowerCase();
  if (text) {
    const pattern = patternOf(text);
    builder.whereRaw(`models.search_text like ? escape '\\'`, [pattern]);
  }
  for (const facet of FACETS) {
    const values = valuesOf(query, facet);
    if (facet === except || values.length === 0) {
      continue;
    }
    if (facet === 'serving') {
      applyServing(builder, values);
    } else {
      builder.whereIn(`models.${FACET_COLUMNS[facet]}`, values);
    }
  }
}

function valuesOf(query: ListQuery, facet: Facet): string[] {
  const values: string[] = query[facet] ?? [];
  // Owners are entity refs, which the catalog compares in lower case.
  return facet === 'owner' ? values.map(each => each.toLowerCase()) : values;
}

function applyServing(builder: Knex.QueryBuilder, values: string[]): void {
  const environments = values.filter(value => value !== NOWHERE);
  builder.where(either => {
    if (environments.length > 0) {
      either.whereExists(current =>
        current
          .from('deployments')
          .select('deployments.id')
          .whereRaw('deployments.model_ref = models.ref')
          .whereIn('deployments.environment', environments)
          .whereNull('deployments.ended_at'),
      );
    }
    if (values.includes(NOWHERE)) {
      either.orWhereNotExists(current =>
        current
          .from('deployments')
          .select('deployments.id')
          .whereRaw('deployments.model_ref = models.ref')
          .whereNull('deployments.ended_at'),
      );
    }
  });
}
