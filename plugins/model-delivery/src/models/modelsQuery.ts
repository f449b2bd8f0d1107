/** The facets of the list of models, in the order in which they are shown. */
export const FACETS = [
  'waiting',
  'risk',
  'health',
  'owner',
  'system',
  'lifecycle',
  'serving',
  'tier',
  'task',
  'framework',
  'card',
  'toBeCompleted',
] as const;

/** One facet of the list of models. */
export type FacetName = (typeof FACETS)[number];

/** How the list is ordered. */
export type ModelsSort = 'attention' | 'name' | 'deployed' | 'risk';

/** Words for the orders. */
export const SORTS: { value: ModelsSort; label: string }[] = [
  { value: 'attention', label: 'Needs attention' },
  { value: 'name', label: 'Name' },
  { value: 'deployed', label: 'Last deployment' },
  { value: 'risk', label: 'Risk' },
];

/** What the address of the page says of what is shown. */
export interface ModelsQuery {
  q: string;
  sort: ModelsSort;
  starred: boolean;
  facets: Record<FacetName, string[]>;
}

/** A query that shows everything. */
export const EVERYTHING: ModelsQuery = {
  q: '',
  sort: 'attention',
  starred: false,
  facets: Object.fromEntries(
    FACETS.map(name => [name, []]),
  ) as unknown as ModelsQuery['facets'],
};

/** Reads the query from the page's address; what makes no sense there is ignored. */
export function parseModelsQuery(params: URLSearchParams): ModelsQuery {
  const sort = params.get('sort');
  return {
    q: (params.get('q') ?? '').slice(0, 200),
    sort: SORTS.find(known => known.value === sort)?.value ?? 'attention',
    starred: params.get('view') === 'starred',
    facets: Object.fromEntries(
      FACETS.map(name => [name, [...new Set(params.getAll(name))].sort()]),
    ) as ModelsQuery['facets'],
  };
}

/** The address of a query, the shortest that says it. */
export function formatModelsQuery(query: ModelsQuery): URLSearchParams {
  const params = new URLSearchParams();
  if (query.starred) {
    params.set('view', 'starred');
  }
  if (query.q) {
    params.set('q', query.q);
  }
  FACETS.forEach(name =>
    query.facets[name].forEach(value => params.append(name, value)),
  );
  if (query.sort !== 'attention') {
    params.set('sort', query.sort);
  }
  return params;
}

/** How many values are picked in all facets. */
export function countPicked(query: ModelsQuery): number {
  return FACETS.reduce((sum, name) => sum + query.facets[name].length, 0);
}

/** The query with one value of a facet picked, or dropped if it was. */
export function toggleFacet(
  query: ModelsQuery,
  name: FacetName,
  value: string,
): ModelsQuery {
  const picked = query.facets[name];
  return {
    ...query,
    facets: {
      ...query.facets,
      [name]: picked.includes(value)
        ? picked.filter(other => other !== value)
        : [...picked, value].sort(),
    },
  };
}

/** Whether two queries show the same models, whatever their order. */
export function sameSelection(a: ModelsQuery, b: ModelsQuery): boolean {
  const of = (query: ModelsQuery) =>
    formatModelsQuery({ ...query, sort: 'attention' }).toString();
  return of(a) === of(b);
}
