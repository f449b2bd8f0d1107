import type {
  ChangeKind,
  MeasureId,
  Risk,
} from '@slipway/backstage-plugin-model-delivery-common';
import { DEFAULT_WEEKS, Period, RECENT_WEEKS, recentWeeks } from './period';

/** By what the table groups. */
export type GroupBy = 'owner' | 'model' | 'risk' | 'change-kind';

const GROUPS: GroupBy[] = ['owner', 'model', 'risk', 'change-kind'];
const RISKS: Risk[] = ['low', 'medium', 'high'];

/** Kinds of change in the order in which they are shown. */
export const CHANGE_KINDS: ChangeKind[] = [
  'code',
  'data',
  'configuration',
  'base-model',
];

/** The measures in the order in which they are shown. */
export const MEASURES: MeasureId[] = [
  'deployment-frequency',
  'lead-time',
  'change-failure-rate',
  'recovery-time',
  'rework-rate',
  'break-glass-rate',
  'pipeline-reliability',
  'outside-changes',
];

/** What the page shows, all of which is in its address. */
export interface MetricsQuery {
  /** Number of recent weeks, or `custom` for days of one's own. */
  weeks: number | 'custom';
  period: Period;
  owner?: string;
  model?: string;
  risk?: Risk;
  changeKind?: ChangeKind;
  by: GroupBy;
  /** The measure whose events are open. */
  events?: MeasureId;
}

/**
 * Reads an address. What it does not understand, such as a risk that does not exist, it leaves out.
 * @param now - epoch milliseconds, at which recent periods end
 */
export function readMetricsQuery(
  params: URLSearchParams,
  now: number,
): MetricsQuery {
  const from = params.get('from');
  const to = params.get('to');
  const weeks =
    RECENT_WEEKS.find(one => String(one) === params.get('weeks')) ??
    DEFAULT_WEEKS;
  const known = <T extends string>(name: string, values: T[]) =>
    values.find(value => value === params.get(name));
  return {
    ...(from && to
      ? { weeks: 'custom', period: { from, to } }
      : { weeks, period: recentWeeks(weeks, now) }),
    owner: params.get('owner') ?? undefined,
    model: params.get('model') ?? undefined,
    risk: known('risk', RISKS),
    changeKind: known('change', CHANGE_KINDS),
    by: known('by', GROUPS) ?? 'owner',
    events: known('events', MEASURES),
  };
}

/** Writes the address of a query: only what differs from the page as it opens. */
export function writeMetricsQuery(query: MetricsQuery): URLSearchParams {
  const params = new URLSearchParams();
  if (query.weeks === 'custom') {
    params.set('from', query.period.from);
    params.set('to', query.period.to);
  } else if (query.weeks !== DEFAULT_WEEKS) {
    params.set('weeks', String(query.weeks));
  }
  const optional = {
    owner: query.owner,
    model: query.model,
    risk: query.risk,
    change: query.changeKind,
    by: query.by === 'owner' ? undefined : query.by,
    events: query.events,
  };
  for (const [name, value] of Object.entries(optional)) {
    if (value) {
      params.set(name, value);
    }
  }
  return params;
}

/** The part of a query that the API filters by. */
export function apiFilterOf(query: MetricsQuery) {
  return {
    from: `${query.period.from}T00:00:00Z`,
    to: `${query.period.to}T00:00:00Z`,
    ...(query.owner && { owner: [query.owner] }),
    ...(query.model && { model: [query.model] }),
    ...(query.risk && { risk: [query.risk] }),
    ...(query.changeKind && { changeKind: [query.changeKind] }),
  };
}
