import { parseEntityRef } from '@backstage/catalog-model';
import {
  ApiOperations,
  dataOf,
  ModelDeliveryClient,
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

/** Starred models are read one by one, so there is an end to them. */
const MOST_STARRED = 60;

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
      const page = await client.GET('/models', {
        params: {
          query: {
            ...filter,
            facets: cursor === undefined,
            limit: query.starred ? 1 : pageSize(index),
            cursor,
          },
        },
        signal,
      });
      return query.starred
        ? starredPage(client, dataOf(page), starred, signal)
        : dataOf(page);
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

async function starredPage(
  client: ModelDeliveryClient,
  page: ModelPage,
  starred: string[],
  signal: AbortSignal,
): Promise<ModelPage> {
  const answers = await Promise.allSettled(
    starred.slice(0, MOST_STARRED).map(async ref => {
      const { namespace, name } = parseEntityRef(ref);
      return dataOf(
        await client.GET('/models/{namespace}/{name}', {
          params: { path: { namespace, name } },
          signal,
        }),
      );
    }),
  );
  // A star outlives its model, and the right to see it
  const items = answers.flatMap(answer =>
    answer.status === 'fulfilled' ? [answer.value] : [],
  );
  return { summary: page.summary, items, totalItems: items.length };
}
