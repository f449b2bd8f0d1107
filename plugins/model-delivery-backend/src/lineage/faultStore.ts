import {
  DataFault,
  DataFaultRequest,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { createHash } from 'node:crypto';
import { Transaction } from '../database/UnitOfWork';
import { DatabaseTime, StaleStateError, toIso } from '../database/values';
import { Impact } from './findImpact';

/** Faults of a data set that are shown. */
const FAULTS_SHOWN = 20;

/** A row of `data_faults`. */
export interface FaultRow {
  id: number;
  dataset: string;
  dataset_key: string;
  title: string;
  version: string | null;
  reason: string;
  raised_by: string;
  raised_at: DatabaseTime;
  /** JSON, entity refs. */
  notified: string;
  versions: number;
  serving: number;
  revoked: number;
  /** JSON; null until every policy was followed. */
  consequences: string | null;
  settled_at: DatabaseTime | null;
  /** When it was last looked what it affects. */
  looked_at: DatabaseTime | null;
  withdrawn_at: DatabaseTime | null;
  withdrawn_by: string | null;
  withdrawn_because: string | null;
  idempotency_key: string;
}

/**
 * Keeps what somebody said of a data set.
 * @returns undefined when there is one of theirs with the same key
 */
export async function insertFault(
  tx: Transaction,
  fault: {
    dataset: string;
    title: string;
    by: string;
    body: DataFaultRequest;
    impact: Impact;
  },
): Promise<FaultRow | undefined> {
  const { dataset, title, by, body, impact } = fault;
  const [inserted]: FaultRow[] = await tx
    .knex('data_faults')
    .insert({
      dataset,
      dataset_key: keyOf(dataset),
      title,
      version: body.version ?? null,
      reason: body.reason.trim(),
      raised_by: by,
      raised_at: tx.now,
      notified: JSON.stringify(impact.owners),
      versions: impact.versions.length,
      serving: impact.versions.filter(each => each.serving.length > 0).length,
      idempotency_key: body.idempotencyKey,
    })
    .onConflict(['raised_by', 'idempotency_key'])
    .ignore()
    .returning('*');
  return inserted;
}

/**
 * What the person said under that key before.
 * @throws StaleStateError when it was something else
 */
export async function findSameFault(
  knex: Knex,
  asked: { dataset: string; by: string; body: DataFaultRequest },
): Promise<FaultRow> {
  const { dataset, by, body } = asked;
  const row = (await knex<FaultRow>('data_faults')
    .where({ raised_by: by, idempotency_key: body.idempotencyKey })
    .first())!;
  if (
    row.dataset !== dataset ||
    row.version !== (body.version ?? null) ||
    row.reason !== body.reason.trim()
  ) {
    const isOfSame =
      row.dataset === dataset && row.version === (body.version ?? null);
    throw new StaleStateError(
      isOfSame
        ? `You have said already that it is faulty, and it was recorded: ${row.reason}`
        : `The idempotency key '${row.idempotency_key}' was used for another data set or version`,
      { fault: String(row.id) },
    );
  }
  return row;
}

/** What was said of a data set, newest first. */
export async function findFaults(
  knex: Knex,
  dataset: string,
): Promise<DataFault[]> {
  const rows: FaultRow[] = await knex<FaultRow>('data_faults')
    .where({ dataset_key: keyOf(dataset) })
    .orderBy('id', 'desc')
    .limit(FAULTS_SHOWN);
  return rows.map(toFault);
}

/** How many evaluations were revoked for faults of a data set, by model and version. */
export async function countRevoked(
  knex: Knex,
  dataset: string,
): Promise<(version: { model: string; version: string }) => number> {
  const rows: { model: string; version: string; n: number | string }[] =
    await knex('data_faults')
      .join('revocations', 'revocations.fault_id', 'data_faults.id')
      .join('versions', 'versions.id', 'revocations.version_id')
      .where('data_faults.dataset_key', keyOf(dataset))
      .groupBy('versions.model_ref', 'versions.name')
      .select('versions.model_ref as model', 'versions.name as version')
      .count({ n: '*' });
  const nameOf = ({ model, version }: { model: string; version: string }) =>
    JSON.stringify([model, version]);
  const counts = new Map(rows.map(each => [nameOf(each), Number(each.n)]));
  return version => counts.get(nameOf(version)) ?? 0;
}

/** A fault as the API shows it. */
export function toFault(row: FaultRow): DataFault {
  const notified: string[] = JSON.parse(row.notified);
  return {
    id: String(row.id),
    dataset: row.dataset,
    title: row.title,
    version: row.version,
    reason: row.reason,
    raisedBy: row.raised_by,
    raisedAt: toIso(row.raised_at),
    notified: notified.length,
    versions: row.versions,
    serving: row.serving,
    revoked: row.settled_at === null ? null : row.revoked,
    consequences: JSON.parse(row.consequences ?? '[]'),
    withdrawn:
      row.withdrawn_at === null
        ? null
        : {
            by: row.withdrawn_by!,
            at: toIso(row.withdrawn_at),
            reason: row.withdrawn_because!,
          },
  };
}

function keyOf(dataset: string): string {
  return createHash('sha256').update(dataset).digest('hex');
}

/** What is faulty, such as `Loans 2026-10`. */
export function dataOf({
  title,
  version,
}: Pick<FaultRow, 'title' | 'version'>): string {
  return version === null ? title : `${title} ${version}`;
}
