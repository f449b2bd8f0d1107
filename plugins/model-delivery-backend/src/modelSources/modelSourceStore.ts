import { ModelSourceReport } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { DatabaseTime, toDate, toDateOrNull } from '../database/values';

/** A row of `model_sources`. */
interface SourceRow {
  id: string;
  attempted_at: DatabaseTime | null;
  report: string;
  reported_at: DatabaseTime;
}

/** What is kept of a report. */
type KeptReport = Omit<ModelSourceReport, 'configured'>;

/** The sources as they were last reported, by their titles. */
export async function findSources(
  knex: Knex,
): Promise<(KeptReport & { id: string })[]> {
  const rows = await knex<SourceRow>('model_sources').select('id', 'report');
  return rows
    .map(({ id, report }) => ({ id, ...(JSON.parse(report) as KeptReport) }))
    .sort((a, b) => a.title.localeCompare(b.title) || (a.id < b.id ? -1 : 1));
}

/**
 * Keeps a report, unless one of a later reading is kept already; forgets the sources that are configured no more.
 */
export async function saveReport(
  knex: Knex,
  id: string,
  { configured, ...report }: ModelSourceReport,
  at: Date,
): Promise<void> {
  await knex('model_sources').whereNotIn('id', configured).delete();
  const known = await knex<SourceRow>('model_sources')
    .where({ id })
    .first('attempted_at');
  const attemptedAt = report.attemptedAt ? toDate(report.attemptedAt) : null;
  const knownAt = toDateOrNull(known?.attempted_at ?? null);
  if (knownAt && (!attemptedAt || attemptedAt < knownAt)) {
    return;
  }
  await knex('model_sources')
    .insert({
      id,
      attempted_at: attemptedAt,
      report: JSON.stringify(report),
      reported_at: at,
    })
    .onConflict('id')
    .merge();
}
