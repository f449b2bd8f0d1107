/** A condition on a metric, as the API takes it. */
export interface MetricCondition {
  metric: string;
  operator: '>=' | '<=';
  bound: number;
}

/** What the address of the versions tab says of what is shown. */
export interface VersionsQuery {
  q: string;
  /** Only versions that serve somewhere. */
  serving: boolean;
  conditions: MetricCondition[];
  /** `registered`, or `metric:` and its name. */
  sort: string;
  order: 'asc' | 'desc';
  /** Metrics chosen as columns; none chosen, the most frequent are shown. */
  columns: string[];
  /** Versions side by side, the first of which the others are read against. */
  compared: string[];
}

/** As many conditions as the API takes. */
export const MOST_CONDITIONS = 4;
/** As many metrics as columns at once. */
export const MOST_COLUMNS = 8;
/** As many versions side by side. */
export const MOST_COMPARED = 4;

const METRIC = /^[a-z][a-z0-9_]{0,62}$/;
const CONDITION =
  /^([a-z][a-z0-9_]{0,62})([<>]=)(-?[0-9]{1,15}(?:[.][0-9]{1,15})?)$/;

/** Reads the query from the address; what makes no sense there is ignored. */
export function parseVersionsQuery(params: URLSearchParams): VersionsQuery {
  const sort = params.get('sort') ?? '';
  return {
    q: (params.get('q') ?? '').slice(0, 200),
    serving: params.get('serving') === 'true',
    conditions: params
      .getAll('measured')
      .flatMap(text => parseCondition(text) ?? [])
      .slice(0, MOST_CONDITIONS),
    sort:
      sort.startsWith('metric:') && METRIC.test(sort.slice(7))
        ? sort
        : 'registered',
    order: params.get('order') === 'asc' ? 'asc' : 'desc',
    columns: unique(params.getAll('metric'))
      .filter(name => METRIC.test(name))
      .slice(0, MOST_COLUMNS),
    compared: unique(params.getAll('compare')).slice(0, MOST_COMPARED),
  };
}

/** Reads a condition such as `f1>=0.8`; undefined when it is none. */
export function parseCondition(text: string): MetricCondition | undefined {
  const [, metric, operator, bound] = CONDITION.exec(text) ?? [];
  return metric === undefined
    ? undefined
    : {
        metric,
        operator: operator as MetricCondition['operator'],
        bound: Number(bound),
      };
}

/** The condition as the API and the address say it. */
export function conditionText(condition: MetricCondition): string {
  return `${condition.metric}${condition.operator}${condition.bound}`;
}

/** Writes the query into the address, leaving out what is as by default and keeping what is not its own. */
export function writeVersionsQuery(
  params: URLSearchParams,
  query: VersionsQuery,
): URLSearchParams {
  const written = new URLSearchParams(params);
  const set = (name: string, values: string[]) => {
    written.delete(name);
    values.forEach(value => written.append(name, value));
  };
  set('q', query.q ? [query.q] : []);
  set('serving', query.serving ? ['true'] : []);
  set('measured', query.conditions.map(conditionText));
  set('sort', query.sort === 'registered' ? [] : [query.sort]);
  set('order', query.order === 'desc' ? [] : [query.order]);
  set('metric', query.columns);
  set('compare', query.compared);
  return written;
}

/** The query sorted by a column: what was sorted by it already is turned round. */
export function sortBy(query: VersionsQuery, sort: string): VersionsQuery {
  return {
    ...query,
    sort,
    order: query.sort === sort && query.order === 'desc' ? 'asc' : 'desc',
  };
}

/** Whether anything narrows the list. */
export function isNarrowed(query: VersionsQuery): boolean {
  return query.q !== '' || query.serving || query.conditions.length > 0;
}

function unique(values: string[]): string[] {
  return [...new Set(values.filter(Boolean))];
}
