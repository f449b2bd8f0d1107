import { CardMeasurement } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { DatabaseTime, toDate, toDateOrNull, toIso } from '../database/values';
import { EvaluationRow } from '../evaluations/EvaluationRecord';
import { CardDecision, CardDeployment } from './composeCard';

/** Evaluations that are read, the last measured first. */
const MAX_EVALUATIONS = 200;
/** Measurements on a card; more can be read with the version. */
const MAX_MEASUREMENTS = 500;
/** Decisions and deployments on a card, the last first. */
const MAX_EVENTS = 50;

/** The latest measurement of each fact, metric and slice of a version that was not revoked; the age of the card itself apart. */
export async function findCardMeasurements(
  knex: Knex,
  versionId: string,
): Promise<{ measurements: CardMeasurement[]; unlisted: number }> {
  const rows: EvaluationRow[] = await knex<EvaluationRow>('evaluations')
    .where({ version_id: versionId })
    .whereNot({ fact: 'card' })
    .whereNotExists(revoked =>
      revoked
        .from('revocations')
        .select('revocations.id')
        .whereRaw('revocations.evaluation_id = evaluations.id'),
    )
    .orderBy([
      { column: 'measured_at', order: 'desc' },
      { column: 'received_at', order: 'desc' },
      { column: 'id' },
    ])
    .limit(MAX_EVALUATIONS);
  const latest = new Map<string, CardMeasurement>();
  for (const row of rows) {
    const measuredAt = toIso(row.measured_at);
    const dataset: { name: string; version?: string } | null = JSON.parse(
      row.dataset ?? 'null',
    );
    for (const metric of JSON.parse(row.metrics) as Omit<
      CardMeasurement,
      'fact'
    >[]) {
      const key = keyOf({ ...metric, fact: row.fact });
      if (!latest.has(key)) {
        latest.set(key, {
          fact: row.fact,
          ...metric,
          ...(dataset && {
            dataset: [dataset.name, dataset.version].filter(Boolean).join(' '),
          }),
          measuredAt,
          evaluation: row.external_id,
        });
      }
    }
  }
  const all = [...latest.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, each]) => each);
  return {
    measurements: all.slice(0, MAX_MEASUREMENTS),
    unlisted: Math.max(0, all.length - MAX_MEASUREMENTS),
  };
}

/** What is measured: two measurements of the same key are of the same thing. */
export function keyOf(
  each: Pick<CardMeasurement, 'fact' | 'name' | 'slice'>,
): string {
  return JSON.stringify([
    each.fact,
    each.name,
    each.slice?.attribute ?? '',
    each.slice?.value ?? '',
  ]);
}

/** Decisions on promotions of a version, the last first. */
export async function findCardDecisions(
  knex: Knex,
  versionId: string,
): Promise<CardDecision[]> {
  const rows: {
    environment: string;
    decision: CardDecision['decision'];
    role: string;
    decided_by: string;
    on_behalf_of: string | null;
    decided_at: DatabaseTime;
    voided_at: DatabaseTime | null;
  }[] = await knex('decisions')
    .join('promotions', 'promotions.id', 'decisions.promotion_id')
    .where('promotions.version_id', versionId)
    .orderBy([
      { column: 'decisions.decided_at', order: 'desc' },
      { column: 'decisions.id' },
    ])
    .limit(MAX_EVENTS)
    .select('promotions.environment', 'decisions.*');
  return rows.map(row => ({
    environment: row.environment,
    decision: row.decision,
    role: row.role,
    decidedBy: row.decided_by,
    onBehalfOf: row.on_behalf_of,
    decidedAt: toDate(row.decided_at),
    voided: row.voided_at !== null,
  }));
}

/** When and where a version had traffic, the last first. */
export async function findCardDeployments(
  knex: Knex,
  versionId: string,
): Promise<CardDeployment[]> {
  const rows: {
    environment: string;
    share: number;
    started_at: DatabaseTime;
    ended_at: DatabaseTime | null;
    outcome: string;
    origin: string;
    approved_by: string;
  }[] = await knex('deployments')
    .where({ version_id: versionId })
    .orderBy([{ column: 'started_at', order: 'desc' }, { column: 'id' }])
    .limit(MAX_EVENTS)
    .select(
      'environment',
      'share',
      'started_at',
      'ended_at',
      'outcome',
      'origin',
      'approved_by',
    );
  return rows.map(row => ({
    environment: row.environment,
    share: row.share,
    startedAt: toDate(row.started_at),
    endedAt: toDateOrNull(row.ended_at),
    outcome: row.outcome,
    approvedBy: row.origin === 'recorded' ? JSON.parse(row.approved_by) : [],
  }));
}
