import {
  ApiOperations,
  dataOf,
  ModelPage,
} from '@slipway/backstage-plugin-model-delivery-common';
import { LIVE_PAGES, Pages, usePages } from '../api';
import { FacetName, FACETS, ModelsQuery } from './modelsQuery';

type ListQuery = NonNullable<
  ApiOperations['listModels']['parameters']['query']
>;

/** Models of one page of the list, as far as it is kept up to date; beyond that it is for who goes far at once. */
const PAGE_SIZE = 50;
const FAR_PAGE_SIZE = 200;

/** As many models as may be asked for by name at once. */
const MOST_STARRED = 100;

const some = (values: string[]) => (values.length > 0 ? values : undefined);

/** The models that the query shows, page by page, kept up to date. */
export function useModels(
  query: ModelsQuery,
  starred: string[],
): Pages<ModelPage> {
  const filter = listQuery(query);
  const key = `models/${JSON.stringify([
    filter,
    query.starred ? starred : null,
  ])}`;
  return usePages<ModelPage>(
    key,
    async ({ client, cursor, index, signal }) => {
      const page = dataOf(
        await client.GET('/models', {
          params: {
            query: query.starred
              ? starredQuery(filter, starred)
              : {
                  ...filter,
                  facets: cursor === undefined,
                  limit: pageSize(index),
                  cursor,
                },
          },
          signal,
        }),
      );
      return query.starred && starred.length === 0
        ? { summary: page.summary, items: [], totalItems: 0 }
        : page;
    },
    model => model.ref,
  );
}

function pageSize(index: number): number {
  return index < LIVE_PAGES ? PAGE_SIZE : FAR_PAGE_SIZE;
}

/** The part of a query that the API answers. */
export function listQuery(query: ModelsQuery): ListQuery {
  if (query.starred) {
    return { sort: query.sort };
  }
  return {
    q: query.q || undefined,
    sort: query.sort,
    // Values come from the address; the server refuses those that it does not know
    ...(Object.fromEntries(
      FACETS.map(name => [name, some(query.facets[name])]),
    ) as Pick<ListQuery, FacetName>),
  };
}

/** All that are starred, in one page; without any, what the page says of all models. */
function starredQuery(filter: ListQuery, starred: string[]): ListQuery {
  return starred.length === 0
    ? { ...filter, limit: 1 }
    : {
        ...filter,
        ref: starred.slice(0, MOST_STARRED),
        limit: MOST_STARRED,
      };
}
