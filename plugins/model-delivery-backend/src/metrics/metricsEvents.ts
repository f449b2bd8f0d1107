import {
  MeasureId,
  MetricsEventPage,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { decodeCursor, PageRequest, toPage } from '../database/paging';
import {
  DatabaseTime,
  toBoolean,
  toDate,
  toIso,
  toNumber,
} from '../database/values';
import { Share, statementOf } from '../outsideChanges/shares';
import {
  DELIVERED,
  Events,
  FAILURES,
  OUTSIDE_CHANGES,
  RUNS,
  STARTED,
} from './aggregate';
import { applyMetricsFilter, MetricsFilter } from './metricsFilter';

type MetricsEvent = MetricsEventPage['items'][number];

interface DeploymentRow {
  event_id: string;
  event_at: DatabaseTime;
  model_ref: string;
  model_title: string | null;
  version: string;
  promotion_id: number | null;
  full_traffic_at: DatabaseTime | null;
  lead_time_seconds: number | string | null;
  failed: boolean | number;
  failure: string | null;
  rework: boolean | number | null;
  break_glass: boolean | number;
}

interface FailureRow {
  event_id: string;
  event_at: DatabaseTime;
  model_ref: string;
  model_title: string | null;
  version: string | null;
  deployment_id: string | null;
  promotion_id: number | null;
  title: string;
  url: string | null;
  restored_at: DatabaseTime | null;
  recovery_seconds: number | string | null;
}

interface RunRow {
  event_id: string;
  event_at: DatabaseTime;
  model_ref: string;
  model_title: string | null;
  version: string | null;
  external_id: string;
  url: string | null;
  outcome: string;
}

interface OutsideChangeRow {
  event_id: string;
  event_at: DatabaseTime;
  model_ref: string;
  model_title: string | null;
  environment: string;
  kind: 'traffic' | 'alias';
  alias: string | null;
  expected: string;
  found: string;
  promotion_id: number | null;
  closed_because: 'gone' | 'reverted' | 'adopted' | null;
}

const CLOSED_WORDS: Record<
  NonNullable<OutsideChangeRow['closed_because']>,
  string
> = {
  gone: 'gone by itself',
  reverted: 'set back',
  adopted: 'adopted',
};

const FAILURE_WORDS: Record<string, string> = {
  'rolled-back': 'Rolled back',
  'hot-fixed': 'Fixed by an unplanned deployment soon after',
  incident: 'Linked to an incident',
};

const OUTCOME_WORDS: Record<string, string> = {
  success: 'Succeeded',
  failure: 'Quality said no, which is a reliable run',
  error: 'Lost to infrastructure or a flaky test',
  cancelled: 'Cancelled',
};

/**
 * One page of the events that a measure looks at in the period, newest first: those that it counts, and those that it
 * would count if they had the links it needs.
 */
export async function listMetricsEvents(
  knex: Knex,
  filter: MetricsFilter,
  measure: MeasureId,
  page: PageRequest,
): Promise<MetricsEventPage> {
  switch (measure) {
    case 'recovery-time':
      return read<FailureRow>(knex, filter, FAILURES, 'id', page, toFailure);
    case 'pipeline-reliability':
      return read<RunRow>(knex, filter, RUNS, 'run_id', page, toRun);
    case 'outside-changes':
      return read<OutsideChangeRow>(
        knex,
        filter,
        OUTSIDE_CHANGES,
        'change_id',
        page,
        toOutsideChangeEvent,
      );
    case 'deployment-frequency':
    case 'lead-time':
      return read<DeploymentRow>(
        knex,
        filter,
        DELIVERED,
        'deployment_id',
        page,
        row => toDeployment(row, measure),
      );
    default:
      return read<DeploymentRow>(
        knex,
        filter,
        STARTED,
        'deployment_id',
        page,
        row => toDeployment(row, measure),
      );
  }
}

async function read<Row extends { event_at: DatabaseTime; event_id: string }>(
  knex: Knex,
  filter: MetricsFilter,
  events: Events,
  id: string,
  page: PageRequest,
  toEvent: (row: Row) => MetricsEvent,
): Promise<MetricsEventPage> {
  const { table, time } = events;
  const query: Knex.QueryBuilder = knex(table)
    .leftJoin('models', 'models.ref', `${table}.model_ref`)
    .where(`${table}.${time}`, '>=', filter.from)
    .where(`${table}.${time}`, '<', filter.to)
    .modify(narrowed => {
      applyMetricsFilter(knex, narrowed, table, filter);
      if (page.cursor) {
        const [at, last] = decodeCursor(page.cursor, 'time', 'text');
        narrowed.whereRaw('(??, ??) < (?, ?)', [
          `${table}.${time}`,
          `${table}.${id}`,
          at,
          last,
        ]);
      }
    })
    .orderBy([
      { column: `${table}.${time}`, order: 'desc' },
      { column: `${table}.${id}`, order: 'desc' },
    ])
    .limit(page.limit + 1)
    .select(`${table}.*`, {
      event_at: `${table}.${time}`,
      event_id: `${table}.${id}`,
      model_title: 'models.title',
    });
  const rows: Row[] = await query;
  return toPage(
    rows,
    page.limit,
    row => [toDate(row.event_at).getTime(), row.event_id],
    toEvent,
  );
}

function toDeployment(row: DeploymentRow, measure: MeasureId): MetricsEvent {
  const leadTime =
    row.lead_time_seconds === null ? null : toNumber(row.lead_time_seconds);
  return {
    at: toIso(row.event_at),
    model: row.model_ref,
    modelTitle: row.model_title ?? row.model_ref,
    version: row.version,
    kind: 'deployment',
    value: measure === 'lead-time' ? leadTime : null,
    ...countedDeployment(row, measure),
    promotionId: row.promotion_id === null ? null : String(row.promotion_id),
    deploymentId: row.event_id,
    runId: null,
    url: null,
  };
}

function countedDeployment(
  row: DeploymentRow,
  measure: MeasureId,
): Pick<MetricsEvent, 'counted' | 'detail'> {
  switch (measure) {
    case 'lead-time':
      return row.lead_time_seconds === null
        ? { counted: false, detail: 'None of its versions names a commit' }
        : { counted: true, detail: 'From its earliest commit to full traffic' };
    case 'change-failure-rate':
      return {
        counted: toBoolean(row.failed),
        detail: row.failure ? FAILURE_WORDS[row.failure] : 'No failure known',
      };
    case 'rework-rate':
      if (row.rework === null) {
        return { counted: false, detail: 'It does not say why it was made' };
      }
      return toBoolean(row.rework)
        ? { counted: true, detail: 'An unplanned fix' }
        : { counted: false, detail: 'Planned' };
    case 'break-glass-rate':
      return toBoolean(row.break_glass)
        ? { counted: true, detail: 'An emergency, past gates and approvals' }
        : { counted: false, detail: 'Not an emergency' };
    default:
      return { counted: true, detail: 'Reached full traffic' };
  }
}

function toFailure(row: FailureRow): MetricsEvent {
  const recovery =
    row.recovery_seconds === null ? null : toNumber(row.recovery_seconds);
  return {
    at: toIso(row.event_at),
    model: row.model_ref,
    modelTitle: row.model_title ?? row.model_ref,
    version: row.version,
    kind: 'failure',
    value: recovery,
    counted: recovery !== null && row.deployment_id !== null,
    detail: failureDetail(row),
    promotionId: row.promotion_id === null ? null : String(row.promotion_id),
    deploymentId: row.deployment_id,
    runId: null,
    url: row.url,
  };
}

function failureDetail(row: FailureRow): string {
  if (row.restored_at === null) {
    return `${row.title}; not restored yet`;
  }
  return row.deployment_id === null
    ? `${row.title}; linked to no deployment`
    : row.title;
}

function toRun(row: RunRow): MetricsEvent {
  return {
    at: toIso(row.event_at),
    model: row.model_ref,
    modelTitle: row.model_title ?? row.model_ref,
    version: row.version,
    kind: 'run',
    value: null,
    counted: row.outcome !== 'error',
    detail: OUTCOME_WORDS[row.outcome] ?? row.outcome,
    promotionId: null,
    deploymentId: null,
    runId: row.external_id,
    url: row.url,
  };
}

function toOutsideChangeEvent(row: OutsideChangeRow): MetricsEvent {
  const expected: Share[] = JSON.parse(row.expected);
  const found: Share[] = JSON.parse(row.found);
  const because = row.closed_because;
  return {
    at: toIso(row.event_at),
    model: row.model_ref,
    modelTitle: row.model_title ?? row.model_ref,
    version: null,
    kind: 'outside-change',
    value: null,
    counted: true,
    detail: `${statementOf({ ...row, expected, found })}; ${
      because === null ? 'still so' : CLOSED_WORDS[because]
    }`,
    promotionId: row.promotion_id === null ? null : String(row.promotion_id),
    deploymentId: null,
    runId: null,
    url: null,
  };
}
